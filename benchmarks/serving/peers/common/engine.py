"""What every Python peer computes with: numpy for add/sub and echo, ONNX Runtime for the rest, with
the options that all servers of the comparison are given."""

import os


class Engine:
    """One model, given by name, from the folder in BENCHMARK_REPOSITORY."""

    SHAPES = {
        "addsub": (("INPUT0", "INPUT1"), ("OUTPUT0", "OUTPUT1")),
        "echo": (("input",), ("output",)),
        "tabular": (("input",), ("output",)),
        "conv": (("input",), ("output",)),
    }

    def __init__(self, name):
        self.name = name
        self.inputs, self.outputs = self.SHAPES[name]
        self.session = None
        if name not in ("addsub", "echo"):
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.add_session_config_entry("session.inter_op.allow_spinning", "0")
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            self.session = onnxruntime.InferenceSession(
                os.path.join(os.environ["BENCHMARK_REPOSITORY"], name, "1", "model.onnx"), options,
                providers=["CPUExecutionProvider"])

    @property
    def heavy(self):
        """Is it worth a thread, so that both cores compute while the event loop reads?"""
        return self.session is not None

    def run(self, arrays):
        if self.name == "addsub":
            return [arrays[0] + arrays[1], arrays[0] - arrays[1]]
        if self.name == "echo":
            return list(arrays)
        return self.session.run(self.outputs, dict(zip(self.inputs, arrays)))
