package dev.tidemill.manifests.kustomize;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A folder `base` with one file for each object, and `overlays/NAME` with what is different in an
/// environment: its namespace, patches of objects, objects of its own, and objects that it does not
/// have.
public final class Kustomization {
    private static final String API = "kustomize.config.k8s.io/v1beta1";
    private static final String FILE = "kustomization.yaml";

    private Kustomization() {}

    /// @param base without a namespace
    /// @param overlays all objects of each environment, in their order
    /// @return content by path
    public static Map<String, String> of(
            List<KubeObject> base, Map<String, List<KubeObject>> overlays) {
        Map<String, String> files = new TreeMap<>();
        resources("base", base, files);
        files.put("base/" + FILE, YamlWriter.write(kustomization(names(base))));
        overlays.forEach((name, objects) -> overlay("overlays/" + name, base, objects, files));
        return files;
    }

    private static void overlay(
            String folder,
            List<KubeObject> base,
            List<KubeObject> objects,
            Map<String, String> files) {
        Map<String, KubeObject> there = byId(objects);
        Map<String, KubeObject> before = byId(base);
        List<KubeObject> fresh =
                objects.stream().filter(object -> !before.containsKey(object.id())).toList();
        resources(folder, fresh, files);
        List<String> resources = new ArrayList<>(List.of("../../base"));
        resources.addAll(names(fresh));
        Map<String, Object> kustomization = kustomization(resources);
        objects.stream()
                .flatMap(object -> object.namespace().stream())
                .findFirst()
                .ifPresent(namespace -> kustomization.put("namespace", namespace));
        List<Map<String, Object>> patches = new ArrayList<>();
        for (KubeObject object : base) {
            KubeObject now = there.get(object.id());
            if (now == null) {
                patches.add(removal(object));
            } else {
                patch(object, now).ifPresent(patches::add);
            }
        }
        if (!patches.isEmpty()) {
            kustomization.put("patches", patches);
        }
        files.put(folder + "/" + FILE, YamlWriter.write(kustomization));
    }

    private static Optional<Map<String, Object>> patch(KubeObject from, KubeObject to) {
        List<Map<String, Object>> operations =
                JsonPatch.between(from.fields(), withoutNamespace(to.fields()));
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> patch = new LinkedHashMap<>();
        patch.put("target", target(from));
        patch.put("patch", YamlWriter.list(operations));
        return Optional.of(patch);
    }

    /// The namespace is set for all of them at once.
    private static Map<String, Object> withoutNamespace(Map<String, Object> fields) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        if (fields.get("metadata") instanceof Map<?, ?> metadata) {
            Map<Object, Object> rest = new LinkedHashMap<>(metadata);
            rest.remove("namespace");
            changed.put("metadata", rest);
        }
        return changed;
    }

    private static Map<String, Object> removal(KubeObject object) {
        Map<String, Object> gone = new LinkedHashMap<>();
        gone.put("$patch", "delete");
        gone.put("apiVersion", object.apiVersion());
        gone.put("kind", object.kind());
        gone.put("metadata", Map.of("name", object.name()));
        Map<String, Object> patch = new LinkedHashMap<>();
        patch.put("patch", YamlWriter.write(gone));
        return patch;
    }

    private static Map<String, Object> target(KubeObject object) {
        Map<String, Object> target = new LinkedHashMap<>();
        int slash = object.apiVersion().indexOf('/');
        if (slash > 0) {
            target.put("group", object.apiVersion().substring(0, slash));
        }
        target.put("version", object.apiVersion().substring(slash + 1));
        target.put("kind", object.kind());
        target.put("name", object.name());
        return target;
    }

    private static void resources(
            String folder, List<KubeObject> objects, Map<String, String> files) {
        objects.forEach(object ->
                files.put(folder + "/" + file(object), YamlWriter.write(object.fields())));
    }

    private static List<String> names(List<KubeObject> objects) {
        return objects.stream().map(Kustomization::file).toList();
    }

    private static String file(KubeObject object) {
        return object.id().replace('/', '-') + ".yaml";
    }

    private static Map<String, Object> kustomization(List<String> resources) {
        Map<String, Object> kustomization = new LinkedHashMap<>();
        kustomization.put("apiVersion", API);
        kustomization.put("kind", "Kustomization");
        kustomization.put("resources", resources);
        return kustomization;
    }

    private static Map<String, KubeObject> byId(List<KubeObject> objects) {
        Map<String, KubeObject> byId = new LinkedHashMap<>();
        objects.forEach(object -> byId.put(object.id(), object));
        return byId;
    }
}
