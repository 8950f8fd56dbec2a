from machi.site.cli import main

main()
