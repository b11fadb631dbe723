package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which kind of model a listing is, decided by names only.
final class Detection {
    private static final String SAVED_MODEL = "saved_model.pb";
    private static final List<String> PICKLES = List.of(".joblib", ".pkl", ".pickle");
    private static final List<String> SKLEARN = List.of(".skops", ".joblib", ".pkl", ".pickle");
    private static final List<String> TORCH = List.of(".pt2", ".pt", ".pth", ".torchscript");
    private static final String PICKLE = "a pickle";
    private static final String ARCHIVE = "a PyTorch archive";

    /// What is known and cannot be imported, with what to do instead.
    private static final Map<String, String> ELSEWHERE =
            Map.ofEntries(
                    Map.entry(".onnx", "it is ONNX already: tidemill register --name NAME FILE"),
                    Map.entry(
                            ".keras",
                            "Keras: model.export('FOLDER') writes a SavedModel; import that"),
                    Map.entry(
                            ".h5",
                            "Keras: model.export('FOLDER') writes a SavedModel; import that"),
                    Map.entry(
                            ".tflite",
                            "TensorFlow Lite: import the SavedModel that it was made from"),
                    Map.entry(
                            ".safetensors",
                            "weights only: import the folder that also has config.json"),
                    Map.entry(
                            ".gguf",
                            "llama.cpp's format has no ONNX form: import the original folder"),
                    Map.entry(".pmml", "PMML: import the scikit-learn model that it was made from"),
                    Map.entry(
                            ".cbm", "CatBoost writes ONNX itself: save_model(FILE, format='onnx')"),
                    Map.entry(
                            ".ubj", "XGBoost: convert it with onnxmltools, then tidemill register"),
                    Map.entry(".ckpt", "a checkpoint holds weights only: save the whole model"));

    private Detection() {}

    /// @param wanted what the user says that it is
    /// @throws TidemillException `INVALID_REQUEST` for what is no model, or could be several
    static Detected of(Listing listing, Optional<ModelKind> wanted) {
        if (wanted.isPresent()) {
            return as(wanted.get(), listing)
                    .orElseThrow(() ->
                            refused(
                                    listing,
                                    "what --kind %s takes".formatted(wanted.get().label())));
        }
        List<Detected> found =
                List.of(ModelKind.values()).stream()
                        .flatMap(kind -> as(kind, listing).stream())
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.size() > 1) {
            throw refused(
                    listing,
                    "one model, but it could be "
                            + String.join(
                                    " or ",
                                    found.stream()
                                            .map(one ->
                                                    "%s (%s)"
                                                            .formatted(
                                                                    one.kind().label(), one.why()))
                                            .toList())
                            + "; say which with --kind");
        }
        throw refused(listing, elsewhere(listing).orElse(Detection.accepted()));
    }

    private static Optional<Detected> as(ModelKind kind, Listing listing) {
        return switch (kind) {
            case SAVED_MODEL -> savedModel(listing);
            case SKLEARN -> sklearn(listing);
            case TORCH -> torch(listing);
            case TRANSFORMERS -> transformers(listing);
        };
    }

    private static Optional<Detected> savedModel(Listing listing) {
        if (!listing.folder()) {
            return Optional.empty();
        }
        if (listing.has(SAVED_MODEL)) {
            return Optional.of(new Detected(ModelKind.SAVED_MODEL, "", "it has saved_model.pb"));
        }
        // TensorFlow Serving's layout: one folder a version, named by its number.
        return listing.files().stream()
                .filter(file -> file.matches("\\d{1,18}/saved_model\\.pb"))
                .map(file -> file.substring(0, file.indexOf('/')))
                .max(Comparator.comparingLong(Long::parseLong))
                .map(version ->
                        new Detected(
                                ModelKind.SAVED_MODEL,
                                version,
                                "%s/saved_model.pb is the highest version".formatted(version)));
    }

    private static Optional<Detected> transformers(Listing listing) {
        if (!listing.folder() || !listing.has("config.json")) {
            return Optional.empty();
        }
        if (listing.has("model.safetensors") || listing.has("model.safetensors.index.json")) {
            return Optional.of(
                    new Detected(
                            ModelKind.TRANSFORMERS,
                            "",
                            "it has config.json and safetensors weights"));
        }
        if (listing.has("pytorch_model.bin") || listing.has("pytorch_model.bin.index.json")) {
            return Optional.of(
                    new Detected(
                                    ModelKind.TRANSFORMERS,
                                    "",
                                    "it has config.json and pytorch_model.bin")
                            .runningCode(PICKLE));
        }
        return Optional.empty();
    }

    private static Optional<Detected> sklearn(Listing listing) {
        if (listing.has("config.json") && transformers(listing).isPresent()) {
            return Optional.empty();
        }
        return only(listing, SKLEARN)
                .map(file -> {
                    Detected found =
                            new Detected(
                                    ModelKind.SKLEARN, main(listing, file), "its file is " + file);
                    return PICKLES.stream().anyMatch(file::endsWith)
                            ? found.runningCode(PICKLE)
                            : found;
                });
    }

    private static Optional<Detected> torch(Listing listing) {
        if (listing.has("config.json") && transformers(listing).isPresent()) {
            return Optional.empty();
        }
        return only(listing, TORCH)
                .map(file ->
                        new Detected(ModelKind.TORCH, main(listing, file), "its file is " + file)
                                .runningCode(ARCHIVE));
    }

    private static String main(Listing listing, String file) {
        return listing.folder() ? file : "";
    }

    private static Optional<String> only(Listing listing, List<String> endings) {
        List<String> files = listing.endingWith(endings);
        if (files.size() > 1) {
            throw refused(
                    listing,
                    "one model, but it has %s; pass one of these files"
                            .formatted(
                                    String.join(
                                            ", ", files.subList(0, Math.min(5, files.size())))));
        }
        return files.stream().findFirst();
    }

    private static Optional<String> elsewhere(Listing listing) {
        return ELSEWHERE.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(known -> !listing.endingWith(List.of(known.getKey())).isEmpty())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String accepted() {
        return "a folder with saved_model.pb; a folder with config.json and model.safetensors or"
                + " pytorch_model.bin; a .skops, .joblib or .pkl file; a .pt, .pth or .pt2 file";
    }

    private static TidemillException refused(Listing listing, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "model: '%s' (expected: %s)".formatted(listing.name(), expected));
    }
}
