"""Exports an untrained torch net: python3 torch_export.py MODEL.onnx. Prints which torch did it."""

import sys

import torch
from torch import nn

CONV = [(3, 32, 1), (32, 64, 1), (64, 64, 2), (64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2)]


def net():
    layers = []
    for fan_in, fan_out, stride in CONV:
        layers += [nn.Conv2d(fan_in, fan_out, 3, stride=stride, padding=1), nn.BatchNorm2d(fan_out), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10)).eval()


torch.manual_seed(20260401)
torch.onnx.export(
    net(), torch.zeros(1, 3, 64, 64), sys.argv[1], opset_version=17, input_names=["input"],
    output_names=["output"], dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
print("exported from an untrained torch", torch.__version__, "model")
