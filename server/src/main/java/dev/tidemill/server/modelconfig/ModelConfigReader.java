package dev.tidemill.server.modelconfig;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.TidemillException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads Triton's model configuration, a `config.pbtxt` or its JSON. Pure. What we serve otherwise
/// than written is refused; what changes nothing is a warning; what nobody knows is a mistake, and
/// the nearest key is named.
public final class ModelConfigReader {
    /// Larger files are refused.
    public static final int MAX_BYTES = 1 << 20;

    private ModelConfigReader() {}

    /// @param source file name for messages
    /// @param name the folder's, when the file says none
    /// @throws TidemillException `INVALID_SPEC` with every problem and its line and column
    public static ReadConfig text(String source, byte[] file, String name) {
        if (file.length > MAX_BYTES) {
            throw wrong(source, file.length + " bytes", "at most " + MAX_BYTES);
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
            return read(new Findings(source, false), TextProto.parse(source, text), name);
        } catch (CharacterCodingException e) {
            throw wrong(source, "bytes", "UTF-8 text");
        }
    }

    /// As above, for a configuration in JSON.
    public static ReadConfig json(String source, String json, String name) {
        if (json.length() > MAX_BYTES) {
            throw wrong(source, json.length() + " characters", "at most " + MAX_BYTES);
        }
        return read(new Findings(source, true), JsonNodes.parse(source, json), name);
    }

    private static ReadConfig read(Findings findings, Node.Message message, String name) {
        Section top = new Section(findings, "", "", message);
        String said = top.text("name");
        if (!said.isEmpty() && !said.equals(name)) {
            findings.wrong("", "name", said, name + ", as the folder, or no name at all");
        }
        Optional<Integer> maxBatchSize =
                top.number("max_batch_size", 0, 1 << 20).map(Math::toIntExact);
        Optional<DynamicBatching> batching =
                top.section("dynamic_batching")
                        .map(section -> BatchingReader.read(section, maxBatchSize));
        ModelConfig config =
                new ModelConfig(
                        name,
                        top.text("platform"),
                        top.text("backend"),
                        versions(top),
                        maxBatchSize,
                        TensorReaders.tensors(top, "input"),
                        TensorReaders.tensors(top, "output"),
                        InstanceReader.read(top),
                        batching,
                        batching.isPresent() || maxBatchSize.isPresent(),
                        ensemble(top),
                        WarmUpReader.read(top),
                        responseCache(top),
                        decoupled(top),
                        parameters(top),
                        modelFile(top));
        unserved(top);
        top.finish();
        findings.problems().throwIfAny();
        return new ReadConfig(config, findings.warnings());
    }

    /// Below the version's folder, and nowhere else.
    private static String modelFile(Section top) {
        String said = top.text("default_model_filename");
        boolean wrong =
                said.chars().anyMatch(c -> c < ' ' || c == '\\')
                        || (!said.isEmpty()
                                && Arrays.stream(said.split("/", -1))
                                        .anyMatch(part ->
                                                part.isEmpty()
                                                        || part.equals(".")
                                                        || part.equals("..")));
        if (wrong) {
            top.findings()
                    .wrong(
                            "",
                            "default_model_filename",
                            said,
                            "the name of a file in the version's folder");
            return "";
        }
        return said;
    }

    private static Optional<Ensemble> ensemble(Section top) {
        Optional<Ensemble> ensemble = EnsembleReader.read(top);
        String platform = top.text("platform");
        boolean said = platform.equals(ModelConfig.ENSEMBLE);
        if (ensemble.isEmpty() && said) {
            top.findings().wrong("", "ensemble_scheduling", "", "the steps of the ensemble");
        }
        if (ensemble.isPresent() && !said && !platform.isEmpty()) {
            top.findings().wrong("", "platform", platform, ModelConfig.ENSEMBLE);
        }
        return ensemble;
    }

    private static void unserved(Section top) {
        top.ignored("each format has one runtime", "runtime");
        top.ignored("ONNX Runtime optimises every model", "optimization");
        top.ignored("metrics have the labels model and version", "metric_tags", "model_metrics");
        top.ignored("it is about other backends", "cc_model_filenames", "model_operations");
        top.ignored("agents are not run", "model_repository_agents");
        top.unsupported("requests of one caller stay apart", "sequence_batching");
        top.unsupported("batches carry the rows of the requests only", "batch_input");
        top.unsupported("batches carry the rows of the requests only", "batch_output");
    }

    private static VersionPolicy versions(Section top) {
        Optional<Section> policy = top.section("version_policy");
        if (policy.isEmpty()) {
            return new VersionPolicy.Latest(1);
        }
        Section said = policy.get();
        Optional<Section> latest = said.section("latest");
        Optional<Section> all = said.section("all");
        Optional<Section> specific = said.section("specific");
        int count =
                (int) List.of(latest, all, specific).stream().filter(Optional::isPresent).count();
        if (count != 1) {
            said.findings()
                    .wrong(
                            said.place(),
                            said.path(),
                            count + " of them",
                            "latest, all or specific");
        }
        // TensorFlow Serving reads no or zero versions as one, and so do those who come from it.
        int versions =
                latest.map(section ->
                                Math.toIntExact(section.number("num_versions", 0, 1 << 20, 1)))
                        .orElse(1);
        List<Long> named =
                specific.map(section -> section.numbers("versions", 0, Long.MAX_VALUE))
                        .orElse(List.of());
        List.of(latest, all, specific).forEach(section -> section.ifPresent(Section::finish));
        said.finish();
        if (specific.isPresent()) {
            return new VersionPolicy.Specific(named);
        }
        return all.isPresent()
                ? new VersionPolicy.All()
                : new VersionPolicy.Latest(Math.max(1, versions));
    }

    private static boolean responseCache(Section top) {
        Optional<Section> cache = top.section("response_cache");
        boolean enable = cache.map(section -> section.flag("enable")).orElse(false);
        cache.ifPresent(Section::finish);
        return enable;
    }

    private static boolean decoupled(Section top) {
        Optional<Section> policy = top.section("model_transaction_policy");
        boolean decoupled = policy.map(section -> section.flag("decoupled")).orElse(false);
        policy.ifPresent(Section::finish);
        return decoupled;
    }

    private static Map<String, String> parameters(Section top) {
        Map<String, String> parameters = new LinkedHashMap<>();
        top.sectionMap("parameters")
                .forEach((key, value) -> {
                    parameters.put(key, value.text("string_value"));
                    value.finish();
                });
        return parameters;
    }

    private static TidemillException wrong(String source, String found, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_SPEC,
                new Problem(source, "configuration", found, expected).toString());
    }
}
