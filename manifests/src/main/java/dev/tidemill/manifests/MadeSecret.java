package dev.tidemill.manifests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A Secret that whoever applies makes where there is none, with words that nobody chose. One that
/// is there stays as it is, whoever made it.
///
/// @param fixed what is no secret, by key
/// @param random keys of words that are made up
public record MadeSecret(String name, Map<String, String> fixed, List<String> random) {
    public MadeSecret {
        fixed = Map.copyOf(fixed);
        random = List.copyOf(random);
    }

    /// What the pods of a StatefulSet cannot start without.
    public static Optional<MadeSecret> of(String statefulSet) {
        return switch (statefulSet) {
            case Names.CONTROL ->
                    Optional.of(
                            new MadeSecret(
                                    Names.TOKENS, Map.of(), List.of(Names.ADMIN, Names.SERVICE)));
            case Names.POSTGRES ->
                    Optional.of(
                            new MadeSecret(
                                    Names.POSTGRES,
                                    Map.of(Names.USERNAME, PostgresObjects.USER),
                                    List.of(Names.PASSWORD)));
            case Names.REDIS ->
                    Optional.of(new MadeSecret(Names.REDIS, Map.of(), List.of(Names.PASSWORD)));
            default -> Optional.empty();
        };
    }

    /// Whether an object is what fills it from elsewhere, so that nobody has to make words up.
    public boolean isFilledBy(String kind, String object) {
        return object.equals(name)
                && (kind.equals("ExternalSecret") || kind.equals("SecretProviderClass"));
    }

    /// @param words of letters, digits, `-` and `_`, another one each time
    public Map<String, String> data(Supplier<String> words) {
        Map<String, String> data = new LinkedHashMap<>(fixed);
        random.forEach(key -> data.put(key, words.get()));
        return data;
    }
}
