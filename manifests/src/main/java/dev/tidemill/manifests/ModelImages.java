package dev.tidemill.manifests;

import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Source;
import dev.tidemill.spec.cluster.ModelImageMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Models that come in images of their own, as KServe has them: what lies in the image's `/models`
/// is the model's folder: files in ONNX, or versions of them.
final class ModelImages {
    /// Of all of them in a server's pod.
    private static final String FOLDER = "/images";

    /// In the image, without the slash.
    private static final String IN_IMAGE = "models";

    /// The volume that they are copied to.
    private static final String COPIES = "images";

    private ModelImages() {}

    /// Those of a pool's models that do; none where the pool is served from a volume.
    static List<Model> of(ModelPool pool) {
        return pool.owner().volume().isPresent()
                ? List.of()
                : pool.models().stream()
                        .filter(model -> model.source() instanceof Source.Image)
                        .toList();
    }

    static List<Map<String, Object>> volumes(Scope scope, ModelPool pool) {
        List<Model> models = of(pool);
        if (models.isEmpty()) {
            return List.of();
        }
        return isCopied(scope)
                ? List.of(Pods.empty(COPIES))
                : models.stream().map(model -> volume(scope, model)).toList();
    }

    private static Map<String, Object> volume(Scope scope, Model model) {
        return Tree.of(
                "name",
                volumeName(model),
                "image",
                Tree.of(
                        "reference",
                        reference(model),
                        "pullPolicy",
                        scope.environment().image().pullPolicy()));
    }

    static List<Map<String, Object>> mounts(Scope scope, ModelPool pool) {
        return of(pool).stream().map(model -> mount(scope, model)).toList();
    }

    /// As `serve --model-folder` takes them.
    ///
    /// @param aliases other names that models are served by, see [RouteSplit]
    static List<String> folders(ModelPool pool, Map<String, String> aliases) {
        List<String> folders = new ArrayList<>();
        for (Model model : of(pool)) {
            folders.add(model.name() + "=" + folder(model));
            aliases.forEach((name, own) -> {
                if (own.equals(model.name())) {
                    folders.add(name + "=" + folder(model));
                }
            });
        }
        return folders;
    }

    private static Map<String, Object> mount(Scope scope, Model model) {
        boolean copied = isCopied(scope);
        return Tree.with(
                Pods.readOnlyMount(copied ? COPIES : volumeName(model), folder(model)),
                Tree.of("subPath", copied ? model.name() : IN_IMAGE));
    }

    /// Where nodes cannot mount images: each copies itself, with the shell that is in it.
    static List<Map<String, Object>> copies(Scope scope, ModelPool pool) {
        return isCopied(scope)
                ? of(pool).stream().map(model -> copy(scope, model)).toList()
                : List.of();
    }

    private static Map<String, Object> copy(Scope scope, Model model) {
        String to = folder(model);
        return Container.of(
                volumeName(model),
                reference(model),
                scope.environment().image().pullPolicy(),
                "command",
                List.of("sh", "-c", "mkdir -p %1$s && cp -R /models/. %1$s".formatted(to)),
                "resources",
                Tree.of(
                        "requests",
                        Tree.of("cpu", "100m", "memory", "64Mi"),
                        "limits",
                        Tree.of("memory", "256Mi")),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                List.of(Pods.mount(COPIES, FOLDER)));
    }

    private static boolean isCopied(Scope scope) {
        return scope.environment().image().models() == ModelImageMount.COPY;
    }

    private static String folder(Model model) {
        return FOLDER + "/" + model.name();
    }

    private static String volumeName(Model model) {
        return Names.fit("model-" + model.name(), "");
    }

    private static String reference(Model model) {
        return ((Source.Image) model.source()).reference();
    }
}
