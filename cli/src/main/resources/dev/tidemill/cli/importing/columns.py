"""Which inputs a scikit-learn model takes. It does not say so itself: names come from the data frame it
was fitted on, texts from what its encoders and vectorisers learned, the rest are numbers."""

import numpy as np
from convert import Refused
from converted import Input, given_sample, wanted_shapes

TEXT = ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer")


class Columns:
    def __init__(self, inputs, assemble, notes):
        self.inputs = inputs
        self.assemble = assemble
        self.notes = notes

    def types(self):
        from skl2onnx.common.data_types import (
            BooleanTensorType,
            DoubleTensorType,
            FloatTensorType,
            Int64TensorType,
            StringTensorType,
        )

        kinds = {
            "string": StringTensorType,
            "int64": Int64TensorType,
            "float64": DoubleTensorType,
            "bool": BooleanTensorType,
        }
        return [
            (value.name, kinds.get(value.dtype, FloatTensorType)([None] + value.shape[1:]))
            for value in self.inputs
        ]

    def summary(self):
        shown = ["%s %s%s" % (v.name, v.dtype, ["N"] + v.shape[1:]) for v in self.inputs[:4]]
        more = len(self.inputs) - len(shown)
        return ", ".join(shown).replace("'", "") + (" and %d more" % more if more > 0 else "")


class Learned:
    """What the fitted steps tell of the columns, by column index of the model's own input."""

    def __init__(self):
        self.values = {}
        self.words = {}
        self.spread = {}
        self.text = False
        self.by_name = False


def columns_of(model, request):
    learned = Learned()
    names = list(getattr(model, "feature_names_in_", []))
    look(model, list(range(count(model) or 0)), names, learned)
    shapes, types = wanted_shapes(request)
    sample = given_sample(request)
    for name in names:
        if str(name) in sample and sample[str(name)].dtype == object:
            types.setdefault(str(name), "string")
    if learned.text and not names:
        return text_column(learned)
    width = count(model) or (len(names) if names else None)
    if width is None and shapes:
        width = next(iter(shapes.values()))[-1]
    if width is None:
        raise Refused(
            "model: it does not say how many columns it takes",
            "give --input-shape X=1,COLUMNS",
        )
    texts = {i for i, values in learned.values.items() if is_text(values)}
    texts |= set(learned.words)
    texts |= {i for i, name in enumerate(names) if types.get(str(name)) == "string"}
    if (names and (learned.by_name or texts)) or (texts and len(texts) < width):
        return separate(names or ["x%d" % i for i in range(width)], texts, types, learned, bool(names))
    return together(width, bool(texts), types.get("X"), names, learned)


def count(model):
    number = getattr(model, "n_features_in_", None)
    return int(number) if number is not None else None


def is_text(values):
    return np.asarray(values).dtype.kind in "OUS" and all(
        isinstance(value, str) for value in np.asarray(values).tolist() if value == value and value is not None
    )


def look(model, indices, names, learned):
    """Walks the steps that still see the model's own columns."""
    kind = type(model).__name__
    if kind in TEXT:
        learned.text = True
        for index in indices or [0]:
            learned.words[index] = sorted(getattr(model, "vocabulary_", None) or ["some", "words"])[:1000]
    elif hasattr(model, "transformers_"):
        learned.by_name = learned.by_name or bool(names)
        for _, step, columns in model.transformers_:
            if step in ("drop", "passthrough") or not hasattr(step, "get_params"):
                continue
            look(step, positions(columns, indices, names), names, learned)
    elif hasattr(model, "steps"):
        for _, step in model.steps:
            if step is None or step == "passthrough":
                continue
            look(step, indices, names, learned)
            if not keeps_columns(step):
                break
    elif hasattr(model, "best_estimator_"):
        look(model.best_estimator_, indices, names, learned)
    elif hasattr(model, "transformer_list"):
        for _, step in model.transformer_list:
            look(step, indices, names, learned)
    else:
        leaf(model, indices, learned)


def leaf(model, indices, learned):
    if hasattr(model, "categories_"):
        for index, values in zip(indices, model.categories_):
            learned.values.setdefault(index, np.asarray(values))
    statistics = getattr(model, "statistics_", None)
    if statistics is not None and np.asarray(statistics).dtype.kind in "OUS":
        for index, value in zip(indices, statistics):
            learned.values.setdefault(index, np.asarray([value], dtype=object))
    mean, scale = getattr(model, "mean_", None), getattr(model, "scale_", None)
    if mean is not None and scale is not None and np.ndim(mean) == 1 and len(mean) == len(indices):
        for index, centre, width in zip(indices, mean, scale):
            learned.spread.setdefault(index, (float(centre), float(width)))
    lowest, highest = getattr(model, "data_min_", None), getattr(model, "data_max_", None)
    if lowest is not None and highest is not None and len(lowest) == len(indices):
        for index, low, high in zip(indices, lowest, highest):
            learned.spread.setdefault(index, (float(low + high) / 2, float(high - low) / 3))


def keeps_columns(step):
    return type(step).__name__ in ("SimpleImputer", "StandardScaler", "MinMaxScaler", "RobustScaler")


def positions(columns, indices, names):
    texts = [str(name) for name in names]
    if isinstance(columns, str):
        columns = [columns]
    if isinstance(columns, slice):
        if isinstance(columns.start, str) or isinstance(columns.stop, str):
            start = texts.index(columns.start) if columns.start is not None else 0
            stop = texts.index(columns.stop) + 1 if columns.stop is not None else len(texts)
            return indices[start:stop]
        return indices[columns]
    if np.isscalar(columns):
        columns = [columns]
    columns = list(columns)
    if columns and all(isinstance(one, (bool, np.bool_)) for one in columns):
        return [index for index, chosen in zip(indices, columns) if chosen]
    return [texts.index(str(one)) if isinstance(one, str) else indices[int(one)] for one in columns]


def drawing(learned, index):
    if index in learned.words:
        known_words = learned.words[index]

        def texts(rng, shape):
            # Known words and one that nobody knows, none to eight of them.
            some = [rng.choice(known_words + ["xyzzy"], rng.integers(0, 9)) for _ in range(np.prod(shape))]
            return np.array([" ".join(words) for words in some], dtype=object).reshape(shape)

        return texts
    if index in learned.values:
        known = learned.values[index]
        return lambda rng, shape: rng.choice(known, shape)
    centre, width = learned.spread.get(index, (0.0, 1.0))
    return lambda rng, shape: centre + width * rng.standard_normal(shape)


def text_column(learned):
    return Columns(
        [Input("text", "string", [-1, 1], drawing(learned, next(iter(learned.words))))],
        lambda feeds: feeds["text"].ravel().tolist(),
        ["the check's texts are words of the vocabulary; pass --sample with a string array 'text' to use your own"],
    )


def separate(names, texts, types, learned, framed):
    inputs = []
    for index, name in enumerate(names):
        usual = "string" if index in texts else "float32"
        inputs.append(Input(str(name), types.get(str(name), usual), [-1, 1], drawing(learned, index)))

    def assemble(feeds):
        arrays = [feeds[str(name)].ravel() for name in names]
        if framed:
            import pandas

            return pandas.DataFrame(dict(zip(names, arrays)))
        whole = np.empty((len(arrays[0]), len(arrays)), dtype=object)
        for index, array in enumerate(arrays):
            whole[:, index] = array
        return whole

    # What encoders and scalers learned says how to draw; the rest is drawn blindly.
    blind = [str(n) for i, n in enumerate(names) if i not in texts and i not in learned.spread]
    return Columns(inputs, assemble, unknown_range(blind))


def together(width, text, wanted, names, learned):
    kind = wanted or ("string" if text else "float32")
    draws = [drawing(learned, index) for index in range(width)]

    def draw(rng, shape):
        return np.stack([np.asarray(one(rng, shape[:1]), dtype=object) for one in draws], axis=1)

    def assemble(feeds):
        if not names:
            return feeds["X"]
        import pandas

        return pandas.DataFrame(feeds["X"], columns=names)

    blind = [str(i) for i in range(width) if i not in learned.values and i not in learned.spread]
    return Columns([Input("X", kind, [-1, width], draw)], assemble, unknown_range(blind))


def unknown_range(blind):
    if not blind:
        return []
    return [
        "the check draws %d columns as standard normal numbers, because the model does not tell their"
        " range; pass --sample to use your own" % len(blind)
    ]
