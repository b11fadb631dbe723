package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys of an `Environment` about Secrets whose content is in a vault.
final class ExternalSecretKeys {
    private static final String PLACE = "[^#\\s]{1,400}(#[A-Za-z0-9._/-]{1,100})?";
    private static final String ENTRY = "[-._a-zA-Z0-9]{1,253}";

    private static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ClusterTypes.subdomain("vault"),
                    Presence.optional("one of `name` or `csi`"),
                    "A store of the External Secrets Operator (`external-secrets.io/v1`).");
    private static final Key.Value<String> KIND =
            new Key.Value<>(
                    "kind",
                    PodKeys.word("SecretStore", "ClusterSecretStore"),
                    Presence.otherwise("SecretStore"),
                    "Of the store, with `name`.");
    private static final Key.Value<Duration> REFRESH =
            new Key.Value<>(
                    "refresh",
                    ValueTypes.duration("10s", "30d"),
                    Presence.otherwise("1h"),
                    "How often it is read again, with `name`.");
    private static final Key.Value<SecretStore.Provider> CSI =
            new Key.Value<>(
                    "csi",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("vault", SecretStore.Provider.VAULT),
                                    Map.entry("aws", SecretStore.Provider.AWS),
                                    Map.entry("gcp", SecretStore.Provider.GCP),
                                    Map.entry("azure", SecretStore.Provider.AZURE))),
                    Presence.optional("one of `name` or `csi`"),
                    "A provider of the Secrets Store CSI Driver.");
    private static final Key.Pairs<String> PARAMETERS =
            new Key.Pairs<>(
                    "parameters",
                    ClusterTypes.labelKey(),
                    ValueTypes.text("text", 1000),
                    "Of the provider, such as vaultAddress and roleName; with `csi`.");
    static final Key.Section STORE =
            new Key.Section(
                    "secretStore",
                    Shape.of(NAME, KIND, REFRESH, CSI, PARAMETERS),
                    Presence.optional("required with `externalSecrets`"),
                    "Where the content of `externalSecrets` is.");

    private static final Key.Value<String> SECRET =
            new Key.Value<>(
                    "name",
                    ClusterTypes.subdomain("front-gateway-keys"),
                    Presence.required(),
                    "Of the Secret, as `secretName` or our own conventions say it.");
    private static final Key.Value<String> TYPE =
            new Key.Value<>(
                    "type",
                    PodKeys.word(
                            "Opaque",
                            "kubernetes.io/tls",
                            "kubernetes.io/basic-auth",
                            "kubernetes.io/dockerconfigjson"),
                    Presence.otherwise("Opaque"),
                    "Of the Secret.");
    private static final Key.Pairs<String> DATA =
            new Key.Pairs<>(
                    "data",
                    matching("an entry of a Secret such as password", "password", ENTRY),
                    matching("KEY or KEY#PROPERTY such as secret/data/ai#openai", "secret", PLACE),
                    "Entries of the Secret, and where each is in the store: `KEY`, or `KEY#PROPERTY`"
                            + " of a KEY that has several.");
    static final Key.Sections SECRETS =
            new Key.Sections(
                    "externalSecrets",
                    Shape.of(SECRET, TYPE, DATA),
                    0,
                    100,
                    Presence.optional("Secrets are made by whoever needs them"),
                    "Secrets that are filled from `secretStore`. All others stay what they are.");

    private ExternalSecretKeys() {}

    static Optional<SecretStore> store(MappingCursor spec) {
        MappingCursor store = spec.child(STORE);
        if (!spec.has(STORE)) {
            return Optional.empty();
        }
        Optional<String> name = store.find(NAME);
        Optional<SecretStore.Provider> provider = store.find(CSI);
        if (store.has(NAME) == store.has(CSI) && spec.isSound(STORE)) {
            store.problem(NAME, "one of name or csi");
        }
        if (store.has(PARAMETERS) && !store.has(CSI)) {
            store.problem(PARAMETERS, "given with csi only");
        }
        String kind = store.get(KIND);
        Duration refresh = store.get(REFRESH);
        Map<String, String> parameters = store.pairs(PARAMETERS);
        return name.<SecretStore>map(one -> new SecretStore.External(one, kind, refresh))
                .or(() -> provider.map(one -> new SecretStore.Csi(one, parameters)));
    }

    static List<ExternalSecretRef> secrets(MappingCursor spec, Optional<SecretStore> store) {
        List<ExternalSecretRef> secrets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingCursor secret : spec.children(SECRETS)) {
            String name = secret.get(SECRET);
            if (secret.isSound(SECRET) && !names.add(name)) {
                secret.problem(SECRET, "each Secret once");
            }
            Map<String, ExternalSecretRef.Place> data = new LinkedHashMap<>();
            secret.pairs(DATA)
                    .forEach((entry, at) -> data.put(entry, ExternalSecretRef.Place.parse(at)));
            if (data.isEmpty() && secret.isSound(DATA)) {
                secret.problem(DATA, "an entry at least, such as {password: secret/data/ai#redis}");
            }
            secrets.add(new ExternalSecretRef(name, secret.get(TYPE), data));
        }
        if (!secrets.isEmpty() && store.isEmpty() && !spec.has(STORE)) {
            spec.problem(SECRETS, "secretStore too, where their content is");
        }
        return secrets;
    }

    private static ValueType<String> matching(String expected, String any, String pattern) {
        return ValueTypes.matching(expected, any, text -> text.matches(pattern))
                .as(new Form.Text(520, pattern));
    }
}
