package dev.tidemill.operator.plan;

import dev.tidemill.common.Problem;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.cluster.NetworkRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sorts resources into those that can be made and those that cannot, with the reasons. What cannot
/// be made now stays as it was made before: a mistake in one resource stops nothing that runs.
final class Draft {
    private final String namespace;
    private final List<Declared> declared;
    private final Map<Owner, List<String>> problems = new HashMap<>();
    private final Map<Owner, String> held = new HashMap<>();

    Draft(String namespace, List<Declared> declared) {
        this.namespace = namespace;
        this.declared = declared;
        List<Owner> environments = of("Environment");
        if (environments.size() > 1) {
            environments.forEach(owner ->
                    problem(
                            owner,
                            "'%s' (expected: one Environment in a namespace; %s has %d)"
                                    .formatted(owner.name(), namespace, environments.size())));
        }
    }

    /// Each to whom it is about; what is about nobody is everybody's.
    void add(List<Problem> found) {
        for (Problem problem : found) {
            String subject = problem.path().split(" ", 2)[0];
            List<Owner> about =
                    declared.stream()
                            .map(Declared::owner)
                            .filter(owner -> owner.toString().equals(subject))
                            .toList();
            (about.isEmpty() ? declared.stream().map(Declared::owner).toList() : about)
                    .forEach(owner -> problem(owner, words(problem)));
        }
    }

    /// Without the place, which is nobody's file.
    private static String words(Problem problem) {
        String[] path = problem.path().split(" ", 2);
        return "%s: '%s' (expected: %s)"
                .formatted(path[path.length - 1], problem.value(), problem.expected());
    }

    private void problem(Owner owner, String text) {
        problems.computeIfAbsent(owner, _ -> new ArrayList<>()).add(text);
    }

    List<Resource> sound(List<Resource> resources) {
        for (Resource resource : resources) {
            if (resource instanceof Environment environment
                    && environment
                            .namespace()
                            .filter(name -> !name.equals(namespace))
                            .isPresent()) {
                problem(
                        owner(environment),
                        "spec.namespace: '%s' (expected: %s, where the resource is, or nothing)"
                                .formatted(environment.namespace().get(), namespace));
            }
        }
        List<Resource> sound =
                resources.stream().filter(one -> !problems.containsKey(owner(one))).toList();
        List<Owner> broken = of("Environment").stream().filter(problems::containsKey).toList();
        if (!broken.isEmpty()) {
            declared.stream()
                    .map(Declared::owner)
                    .filter(owner -> !owner.kind().equals("Environment"))
                    .forEach(owner -> hold(owner, broken.getFirst()));
            hold(Owner.NAMESPACE, broken.getFirst());
        }
        return sound;
    }

    /// Those whose replicas there will be. A gateway that would lose its route to one of the others
    /// waits until they are well again, and so does control.
    List<Model> whole(List<Model> sound) {
        Map<String, Model> byName = new LinkedHashMap<>();
        sound.forEach(model -> byName.put(model.name(), model));
        boolean changed = true;
        while (changed) {
            changed =
                    byName.values()
                            .removeIf(model -> {
                                Optional<String> shares = model.sharesReplicasWith();
                                boolean lost =
                                        shares.isPresent() && !byName.containsKey(shares.get());
                                if (lost) {
                                    hold(owner(model), new Owner("Model", shares.get()));
                                }
                                return lost;
                            });
        }
        of("Model").stream()
                .filter(owner -> !byName.containsKey(owner.name()))
                .findFirst()
                .ifPresent(broken -> {
                    of("Gateway").forEach(owner -> hold(owner, broken));
                    byName.values().stream()
                            .filter(model -> isPartOf(model, broken))
                            .forEach(model -> hold(owner(model), broken));
                });
        return List.copyOf(byName.values());
    }

    /// Those that there will be: a gateway waits for the others, as it does for models.
    List<App> wholeApps(List<App> sound) {
        of("App").stream()
                .filter(owner -> sound.stream().noneMatch(app -> owner(app).equals(owner)))
                .findFirst()
                .ifPresent(broken -> of("Gateway").forEach(owner -> hold(owner, broken)));
        return sound;
    }

    /// A server of several models would lose the one that is broken.
    private boolean isPartOf(Model model, Owner broken) {
        return declared.stream()
                .filter(one -> one.owner().equals(broken))
                .anyMatch(one ->
                        model.name().equals(String.valueOf(one.spec().get("sharesReplicasWith"))));
    }

    Optional<String> text(
            GatewayText maker,
            Gateway gateway,
            List<Model> models,
            List<App> apps,
            NetworkRules network) {
        if (isLeft(owner(gateway))) {
            return Optional.empty();
        }
        try {
            return Optional.of(maker.of(gateway, models, apps, network));
        } catch (TidemillException e) {
            problem(owner(gateway), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    boolean isLeft(Owner owner) {
        return problems.containsKey(owner) || held.containsKey(owner);
    }

    Map<Owner, List<String>> problems() {
        return problems;
    }

    Map<Owner, String> held() {
        return held;
    }

    private void hold(Owner owner, Owner because) {
        if (!problems.containsKey(owner)) {
            held.putIfAbsent(
                    owner, "left as it is until %s, which it needs, is right".formatted(because));
        }
    }

    private List<Owner> of(String kind) {
        return declared.stream()
                .map(Declared::owner)
                .filter(owner -> owner.kind().equals(kind))
                .toList();
    }

    static Owner owner(Resource resource) {
        return new Owner(resource.kind(), resource.name());
    }
}
