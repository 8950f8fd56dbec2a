"""Where the rooms are put together: settings, addresses, the command line. No room imports it."""
