package dev.tidemill.gateway.access;

import java.util.Optional;
import java.util.Set;

/// Who makes a request.
///
/// @param issuer who says that it is this one: the file where it is empty, else whose token it is.
///   Issuers do not know of one another, so their users and teams of one name are not the same
/// @param key the key's name, empty for an anonymous client
/// @param models that it may use; all when there are none, as are routes
/// @param address of the client, for limits
public record Caller(
        String issuer,
        String key,
        Optional<String> team,
        Set<String> models,
        Set<String> routes,
        String address) {
    public Caller {
        models = Set.copyOf(models);
        routes = Set.copyOf(routes);
    }

    static Caller anonymous(String address) {
        return new Caller("", "", Optional.empty(), Set.of(), Set.of(), address);
    }

    /// The same one, calling from there.
    public Caller at(String other) {
        return other.equals(address) ? this : new Caller(issuer, key, team, models, routes, other);
    }

    /// What tells it from every other caller.
    public String identity() {
        return issuer.isEmpty() ? key : key + ' ' + issuer;
    }

    /// What tells its team from every other; a key without one is in none.
    public Optional<String> teamIdentity() {
        return issuer.isEmpty() ? team : team.map(name -> name + ' ' + issuer);
    }

    public boolean isAnonymous() {
        return key.isEmpty();
    }

    public boolean mayUseModel(String model) {
        return models.isEmpty() || models.contains(model);
    }

    public boolean mayUseRoute(String route) {
        return routes.isEmpty() || routes.contains(route);
    }
}
