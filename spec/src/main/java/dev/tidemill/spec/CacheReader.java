package dev.tidemill.spec;

import dev.tidemill.spec.yaml.MappingCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the caches of a gateway.
final class CacheReader {
    private final ScopeReader scopes;
    private final OwnNames names = new OwnNames("cache");

    CacheReader(ScopeReader scopes) {
        this.scopes = scopes;
    }

    List<GatewayAnswers.Cache> read(List<MappingCursor> given) {
        List<GatewayAnswers.Cache> read = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            read.add(read(given.get(i), i));
        }
        return read;
    }

    private GatewayAnswers.Cache read(MappingCursor rule, int index) {
        String name = names.take(rule, CacheKeys.NAME, index);
        boolean shared = rule.get(CacheKeys.SHARED);
        GatewayAnswers.Per per = rule.get(CacheKeys.PER);
        if (shared && rule.has(CacheKeys.PER)) {
            rule.problem(CacheKeys.SHARED, "false where there is a per");
        }
        if (!rule.has(RateKeys.ROUTES) && !rule.has(RateKeys.MODELS)) {
            rule.problem(RateKeys.ROUTES, "routes or models whose answers are kept");
        }
        MappingCursor semantic = rule.child(CacheKeys.SEMANTIC);
        GatewayAnswers.Semantic meaning =
                new GatewayAnswers.Semantic(
                        semantic.get(CacheKeys.MODEL), semantic.get(CacheKeys.THRESHOLD));
        return new GatewayAnswers.Cache(
                name,
                scopes.read(rule),
                shared ? GatewayAnswers.Per.SHARED : per,
                rule.get(CacheKeys.WHEN),
                rule.get(CacheKeys.TTL),
                rule.get(CacheKeys.MAX_ENTRIES),
                rule.get(CacheKeys.MAX_SIZE),
                rule.get(CacheKeys.MAX_ENTRY_SIZE),
                rule.has(CacheKeys.SEMANTIC) ? Optional.of(meaning) : Optional.empty());
    }
}
