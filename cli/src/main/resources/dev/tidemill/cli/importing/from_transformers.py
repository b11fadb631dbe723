"""Folders of the transformers library: config.json and weights. Nothing is fetched, and code that
comes with a model is not run."""

import json
import os

import numpy as np
from convert import Refused
from converted import Converted, Input, wanted_shapes
from from_torch import listed
from torch_export import Exported, flatten, write

GENERATES = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "ForSpeechSeq2Seq")


def convert(request, events):
    import torch
    import transformers

    folder = request["main"]
    kind = architecture(folder)
    model = load(kind, folder)
    events.step("loaded %s with transformers %s" % (kind, transformers.__version__))
    if os.path.exists(os.path.join(folder, "tokenizer_config.json")):
        events.note("the tokenizer is not part of the ONNX model: clients send input_ids")
    labels = label_names(model)
    wrapper = Wrapper.of(model, inputs_of(model, request), labels)
    rng = np.random.default_rng(request["seed"])
    example = [torch.from_numpy(one.sample(rng, request["fixedBatch"] or 2)) for one in wrapper.inputs]
    with torch.inference_mode():
        names, tensors = flatten(wrapper.module(*example))
    exported = Exported(wrapper.module, wrapper.inputs, names, tensors, request["fixedBatch"])
    how = write(exported, tuple(example), request["output"])
    events.step("converted to ONNX by %s: %s -> %s" % (how, listed(wrapper.inputs), ", ".join(names)))

    def run(feeds):
        with torch.inference_mode():
            _, results = flatten(wrapper.module(*[torch.from_numpy(feeds[one.name]) for one in wrapper.inputs]))
        return {name: value.numpy() for name, value in zip(names, results)}

    return Converted(
        request["output"],
        wrapper.inputs,
        run,
        labels=labels,
        scores="probabilities" if "probabilities" in names else "",
        fixed_batch=request["fixedBatch"],
        versions={"transformers": transformers.__version__, "torch": torch.__version__},
    )


def architecture(folder):
    import transformers

    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    if config.get("auto_map"):
        raise Refused(
            "config.json: the model brings code of its own (%s)" % ", ".join(map(str, config["auto_map"].values())),
            "it is not run; convert the model with its own tools, then `tidemill register`",
        )
    names = config.get("architectures") or []
    if not names:
        raise Refused(
            "config.json: it names no architecture", "add \"architectures\": [\"BertModel\"] or what it is"
        )
    if names[0].endswith(GENERATES):
        raise Refused(
            "%s: a model that generates needs a loop and a cache around it, which ONNX has no form of" % names[0],
            "serve it with a server for language models",
        )
    if not hasattr(transformers, names[0]):
        raise Refused(
            "%s: transformers %s has no such class" % (names[0], transformers.__version__),
            "pass --venv with the version that has it",
        )
    return names[0]


def load(kind, folder):
    import torch
    import transformers

    try:
        model, told = getattr(transformers, kind).from_pretrained(
            folder,
            local_files_only=True,
            output_loading_info=True,
            dtype=torch.float32,
            attn_implementation="eager",
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise Refused(
            "%s cannot be loaded: %s" % (kind, " ".join(str(error).split())[:400]),
            "the folder must hold all that save_pretrained writes",
        ) from error
    missing = sorted(told.get("missing_keys") or [])
    if missing:
        # transformers would fill them with random numbers, and the check would still agree.
        raise Refused(
            "weights: %d are missing, such as %s" % (len(missing), ", ".join(missing[:4])),
            "the folder's weights are not those of a %s" % kind,
        )
    return model.eval()


def inputs_of(model, request):
    shapes, types = wanted_shapes(request)
    if shapes:
        return [Input(name, types.get(name, "float32"), shape) for name, shape in shapes.items()]
    config = model.config
    if model.main_input_name == "input_ids":
        return text_inputs(model, config)
    if model.main_input_name == "pixel_values":
        size = getattr(config, "image_size", 224)
        height, width = size if isinstance(size, (tuple, list)) else (size, size)
        return [Input("pixel_values", "float32", [-1, getattr(config, "num_channels", 3), height, width])]
    raise Refused(
        "%s: its input '%s' is of unknown shape" % (type(model).__name__, model.main_input_name),
        "give --input-shape %s=1,..." % model.main_input_name,
    )


def text_inputs(model, config):
    import inspect

    taken = inspect.signature(model.forward).parameters
    words = config.vocab_size

    def ids(rng, shape):
        return rng.integers(0, words, shape)

    def mask(rng, shape):
        lengths = rng.integers(1, shape[1] + 1, shape[0])
        return (np.arange(shape[1])[None, :] < lengths[:, None]).astype(np.int64)

    inputs = [Input("input_ids", "int64", [-1, -1], ids)]
    if "attention_mask" in taken:
        inputs.append(Input("attention_mask", "int64", [-1, -1], mask))
    if "token_type_ids" in taken and getattr(config, "type_vocab_size", 0) > 1:
        inputs.append(
            Input("token_type_ids", "int64", [-1, -1], lambda rng, shape: rng.integers(0, config.type_vocab_size, shape))
        )
    return inputs


def label_names(model):
    """Names that somebody gave: transformers itself fills in LABEL_0, LABEL_1, ..."""
    config = model.config
    if not type(model).__name__.endswith("Classification") or config.problem_type in (
        "regression",
        "multi_label_classification",
    ):
        return []
    names = [config.id2label.get(index, "") for index in range(len(config.id2label))]
    made_up = all(name == "LABEL_%d" % index for index, name in enumerate(names))
    return [] if made_up or len(names) < 2 else names


class Wrapper:
    def __init__(self, module, inputs):
        self.module = module
        self.inputs = inputs

    @staticmethod
    def of(model, inputs, labels):
        import torch

        class Plain(torch.nn.Module):
            """Tensors in, a dict of tensors out; a classifier's scores as probabilities too."""

            def __init__(self):
                super().__init__()
                self.model = model

            def forward(self, *arguments):
                given = {one.name: value for one, value in zip(inputs, arguments)}
                answer = self.model(**given, return_dict=True)
                found = {k: v for k, v in answer.items() if isinstance(v, torch.Tensor)}
                scores = found.get("logits")
                if labels and scores is not None and scores.dim() == 2 and scores.shape[1] == len(labels):
                    found["probabilities"] = torch.softmax(scores, -1)
                return found

        return Wrapper(Plain().eval(), inputs)
