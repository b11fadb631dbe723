package dev.tidemill.cli.up;

import dev.tidemill.client.control.RegisteredModel;
import dev.tidemill.spec.RegistryFacts;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the registry had when it was listed.
final class ListedRegistry implements RegistryFacts {
    private final Map<String, RegisteredModel> models;

    ListedRegistry(Collection<RegisteredModel> listed) {
        this.models =
                listed.stream()
                        .collect(Collectors.toMap(RegisteredModel::name, Function.identity()));
    }

    @Override
    public Set<String> models() {
        return Set.copyOf(models.keySet());
    }

    @Override
    public boolean hasAlias(String model, String alias) {
        RegisteredModel found = models.get(model);
        return found != null && found.aliases().containsKey(alias);
    }

    @Override
    public boolean hasVersion(String model, int version) {
        RegisteredModel found = models.get(model);
        return found != null && found.versions().stream().anyMatch(v -> v.version() == version);
    }
}
