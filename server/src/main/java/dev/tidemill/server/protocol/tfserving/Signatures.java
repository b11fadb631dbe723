package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Signature.Argument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The signatures that a model has by what it takes and gives, since its file knows of none.
///
/// Every model has `serving_default` to predict; one with class scores has `classify`; one with one
/// number a row has `regress`. A classify or regress request that names no signature means the
/// model's own.
public final class Signatures {
    public static final String DEFAULT = "serving_default";
    public static final String CLASSIFY = "classify";
    public static final String REGRESS = "regress";

    private Signatures() {}

    /// By name.
    public static Map<String, Signature> of(ServedModel model) {
        Map<String, Signature> all = new LinkedHashMap<>();
        Classifier.of(model)
                .ifPresent(classifier ->
                        all.put(CLASSIFY, scored(Signature.CLASSIFY, classifier.outputs())));
        Regressor.of(model)
                .ifPresent(regressor ->
                        all.put(REGRESS, scored(Signature.REGRESS, List.of(regressor.output()))));
        all.put(
                DEFAULT,
                new Signature(
                        Signature.PREDICT,
                        model.inputs().stream().map(Argument::of).toList(),
                        model.outputs().stream().map(Argument::of).toList()));
        return all;
    }

    /// @param name empty for the default
    /// @throws TidemillException `INVALID_REQUEST` when the model has no such signature to predict
    public static void requirePredict(ServedModel model, String name) {
        if (name.isEmpty() || name.equals(DEFAULT)) {
            return;
        }
        throw refused(
                of(model).containsKey(name)
                        ? "Expected prediction signature method_name to be one of {%s}. Was: tensorflow/serving/%s"
                                .formatted(Signature.PREDICT, name)
                        : "Serving signature name: \"%s\" not found in signature def"
                                .formatted(name));
    }

    /// @param name empty for the model's own
    /// @throws TidemillException `INVALID_REQUEST` when the model has no such signature to classify
    public static Classifier classifier(ServedModel model, String name) {
        Optional<Classifier> classifier = Classifier.of(model);
        require(model, name, CLASSIFY, "classification", classifier.isPresent());
        return classifier.orElseThrow();
    }

    /// @param name empty for the model's own
    /// @throws TidemillException `INVALID_REQUEST` when the model has no such signature to regress
    public static Regressor regressor(ServedModel model, String name) {
        Optional<Regressor> regressor = Regressor.of(model);
        require(model, name, REGRESS, "regression", regressor.isPresent());
        return regressor.orElseThrow();
    }

    private static Signature scored(String method, List<Argument> outputs) {
        return new Signature(
                method,
                List.of(new Argument("inputs", "inputs", TfType.DT_STRING, List.of(-1L))),
                outputs);
    }

    private static void require(
            ServedModel model, String name, String wanted, String kind, boolean there) {
        if (there && (name.isEmpty() || name.equals(wanted))) {
            return;
        }
        String asked = name.isEmpty() ? DEFAULT : name;
        Signature other = of(model).get(asked);
        throw refused(
                other == null
                        ? "No signature was found with the name: " + asked
                        : "Expected %s signature method_name to be tensorflow/serving/%s. Was: %s"
                                .formatted(kind, wanted, other.method()));
    }

    static TidemillException refused(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
