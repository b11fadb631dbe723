package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// What was applied to a namespace, the last ten times that it changed anything: a ConfigMap each,
/// so that going back needs no file and no other machine.
///
/// @param write trees as text
/// @param read that text
public record Releases(
        Cluster cluster,
        String namespace,
        Function<List<Map<String, Object>>, String> write,
        Function<String, List<Map<String, Object>>> read) {
    private static final int KEPT = 10;
    private static final String LABEL = "tidemill.dev/release";
    private static final String PREFIX = "tidemill-release-";
    private static final String CONTENT = "objects.json.gz";

    /// The newest first.
    public List<Release> all() {
        return cluster.list("v1", "ConfigMap", namespace, Map.of(LABEL, "true")).stream()
                .map(this::release)
                .sorted(Comparator.comparingInt(Release::number).reversed())
                .toList();
    }

    /// @throws TidemillException `CONFLICT` when somebody else applied in the same moment
    public Release add(ObjectSet objects, Instant at, String note) {
        List<Release> before = all();
        Release release =
                new Release(
                        before.isEmpty() ? 1 : before.getFirst().number() + 1,
                        at,
                        false,
                        note,
                        objects);
        if (!cluster.create(ref(release.number()), tree(release))) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "release: '%d' (expected: nobody else who applies to %s at the same time)"
                            .formatted(release.number(), namespace));
        }
        before.stream().skip(KEPT - 1).forEach(old -> cluster.delete(ref(old.number())));
        return release;
    }

    /// Writes down that all of it runs.
    public void settled(Release release) {
        cluster.apply(
                ref(release.number()),
                tree(
                        new Release(
                                release.number(),
                                release.at(),
                                true,
                                release.note(),
                                release.objects())),
                false);
    }

    /// @param number empty: the newest that ran, before the one of now
    public Release before(Optional<Integer> number) {
        List<Release> all = all();
        return all.stream()
                .skip(number.isPresent() ? 0 : 1)
                .filter(release -> number.map(n -> n == release.number()).orElse(release.settled()))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.NOT_FOUND,
                                "release: '%s' (expected: %s)"
                                        .formatted(
                                                number.map(String::valueOf)
                                                        .orElse("an earlier one"),
                                                numbers(all))));
    }

    private String numbers(List<Release> all) {
        List<String> numbers = new ArrayList<>();
        all.forEach(release -> numbers.add(String.valueOf(release.number())));
        return all.isEmpty()
                ? "one that was applied to " + namespace + "; there is none"
                : "one of " + String.join(", ", numbers);
    }

    private ObjectRef ref(int number) {
        return Kinds.ref("v1", "ConfigMap", namespace, PREFIX + number);
    }

    private Map<String, Object> tree(Release release) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", PREFIX + release.number());
        metadata.put("namespace", namespace);
        metadata.put("labels", Map.of(LABEL, "true"));
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                metadata,
                "data",
                Map.of(
                        "at",
                        release.at().toString(),
                        "settled",
                        String.valueOf(release.settled()),
                        "note",
                        release.note()),
                "binaryData",
                Map.of(CONTENT, packed(write.apply(release.objects().trees()))));
    }

    private Release release(Fields map) {
        return new Release(
                Integer.parseInt(map.name().substring(PREFIX.length())),
                Instant.parse(map.text("data", "at")),
                Boolean.parseBoolean(map.text("data", "settled")),
                map.text("data", "note"),
                new ObjectSet(namespace, read.apply(unpacked(map.text("binaryData", CONTENT)))));
    }

    private static String packed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String unpacked(String text) {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
