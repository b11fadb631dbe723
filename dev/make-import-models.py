#!/usr/bin/env python3
"""Writes the small untrained models that dev/test-import imports, without fetching anything.

    python make-import-models.py sklearn|torch|transformers|saved-model FOLDER

Run by the Python of the converter's own environment.
"""

import os
import sys

STEP = '''
from sklearn.base import BaseEstimator, TransformerMixin


class Doubling(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X * 2
'''


def sklearn(folder):
    import joblib
    import numpy as np
    import pandas as pd
    import skops.io
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    rng = np.random.default_rng(7)
    rows = 200
    people = pd.DataFrame(
        {
            "age": rng.integers(18, 80, rows),
            "income": rng.normal(50, 10, rows),
            "city": rng.choice(["a", "b", "c"], rows),
            "plan": rng.choice(["x", "y"], rows),
        }
    )
    stays = np.where(people.age + people.income > 95, "yes", "no")
    columns = ColumnTransformer(
        [
            ("numbers", StandardScaler(), ["age", "income"]),
            ("texts", OneHotEncoder(handle_unknown="ignore"), ["city", "plan"]),
        ]
    )
    churn = Pipeline([("columns", columns), ("model", LogisticRegression())]).fit(people, stays)
    joblib.dump(churn, os.path.join(folder, "churn.joblib"), compress=3)
    skops.io.dump(churn, os.path.join(folder, "churn.skops"))
    numbers = rng.normal(size=(rows, 6))
    trees = HistGradientBoostingRegressor(max_iter=20).fit(numbers, numbers.sum(axis=1))
    joblib.dump(trees, os.path.join(folder, "trees.joblib"))
    words = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(
        ["good thing", "bad thing", "great", "awful stuff", "great thing"] * 5, [1, 0, 1, 0, 1] * 5
    )
    joblib.dump(words, os.path.join(folder, "words.joblib"))
    with open(os.path.join(folder, "own_steps.py"), "w", encoding="utf-8") as file:
        file.write(STEP)
    sys.path.insert(0, folder)
    import own_steps

    own = make_pipeline(own_steps.Doubling(), LogisticRegression()).fit(numbers, numbers[:, 0] > 0)
    joblib.dump(own, os.path.join(folder, "own.joblib"))


def torch(folder):
    import torch

    torch.manual_seed(7)

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.convolution = torch.nn.Conv2d(3, 8, 3)
            self.last = torch.nn.Linear(8, 5)

        def forward(self, x):
            return self.last(torch.relu(self.convolution(x)).mean((2, 3)))

    class Eigen(torch.nn.Module):
        def forward(self, x):
            return torch.linalg.eigvalsh(x)

    net = Net().eval()
    example = torch.randn(2, 3, 16, 16)
    torch.jit.trace(net, example).save(os.path.join(folder, "net.pt"))
    rows = torch.export.Dim("rows")
    torch.export.save(
        torch.export.export(net, (example,), dynamic_shapes=({0: rows},)), os.path.join(folder, "net.pt2")
    )
    torch.save(net.state_dict(), os.path.join(folder, "weights.pt"))
    torch.jit.trace(Eigen(), torch.eye(3)[None]).save(os.path.join(folder, "eigen.pt"))


def transformers(folder):
    import json

    import torch
    from transformers import BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

    torch.manual_seed(7)
    names = {0: "negative", 1: "neutral", 2: "positive"}
    bert = BertConfig(
        vocab_size=200,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        id2label=names,
        label2id={name: number for number, name in names.items()},
    )
    BertForSequenceClassification(bert).save_pretrained(os.path.join(folder, "bert"))
    gpt = GPT2Config(vocab_size=100, n_embd=16, n_layer=1, n_head=2, n_positions=32)
    GPT2LMHeadModel(gpt).save_pretrained(os.path.join(folder, "gpt"))
    own = os.path.join(folder, "own-code")
    BertForSequenceClassification(bert).save_pretrained(own)
    with open(os.path.join(own, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    config["auto_map"] = {"AutoModel": "own.OwnModel"}
    with open(os.path.join(own, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)


def saved_model(folder):
    import tensorflow as tf

    tf.random.set_seed(7)

    class Two(tf.Module):
        def __init__(self):
            self.weights = tf.Variable(tf.random.normal([4, 3]))

        @tf.function(
            input_signature=[
                tf.TensorSpec([None, 4], tf.float32, name="x"),
                tf.TensorSpec([None, 3], tf.float32, name="bias"),
            ]
        )
        def serve(self, x, bias):
            sums = tf.matmul(x, self.weights) + bias
            return {"scores": tf.nn.softmax(sums), "best": tf.argmax(sums, -1)}

    class Hash(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
        def serve(self, text):
            return {"bucket": tf.strings.to_hash_bucket_fast(text, 10)}

    two, hashing = Two(), Hash()
    tf.saved_model.save(two, os.path.join(folder, "two", "1"), signatures={"serving_default": two.serve})
    tf.saved_model.save(hashing, os.path.join(folder, "hash"), signatures={"serving_default": hashing.serve})


if __name__ == "__main__":
    os.makedirs(sys.argv[2], exist_ok=True)
    {"sklearn": sklearn, "torch": torch, "transformers": transformers, "saved-model": saved_model}[sys.argv[1]](
        sys.argv[2]
    )
