package dev.tidemill.cli.command;

import dev.tidemill.cli.render.ClusterFile;
import dev.tidemill.cli.render.RenderedFolder;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Manifests;
import dev.tidemill.manifests.OperatorObjects;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.ServingRuntimeObjects;
import dev.tidemill.manifests.crd.Crds;
import dev.tidemill.manifests.helm.HelmChart;
import dev.tidemill.manifests.kustomize.Kustomization;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "render",
        description =
                "Show what a file asks of a Kubernetes cluster: manifests, a Helm chart, or Kustomize"
                        + " folders.",
        sortOptions = false)
final class RenderCommand implements Callable<Integer> {
    /// What to write.
    enum Output {
        PLAIN,
        HELM,
        KUSTOMIZE
    }

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Resource file.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            description =
                    "An Environment of the file, with its patches. Default: its only one, or none.")
    private Optional<String> environment = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "plain",
            paramLabel = "FORM",
            description =
                    "plain: all objects; helm: a chart; kustomize: a base, and an overlay for each"
                            + " Environment. Default: ${DEFAULT-VALUE}")
    private String output = "";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for the files; what an earlier render left there is replaced. Without it"
                            + " all goes to standard output.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--crds",
            description =
                    "The CustomResourceDefinitions of all kinds instead, which the operator's"
                            + " cluster needs; no file is read.")
    private boolean crds;

    @Option(
            names = "--operator",
            description =
                    "The operator and its rights instead; of a file only the environment's namespace,"
                            + " image and mtls are looked at.")
    private boolean operator;

    @Option(
            names = "--kserve",
            description =
                    "Our server as a ServingRuntime of KServe instead, or as a ClusterServingRuntime"
                            + " where no environment names a namespace.")
    private boolean kserve;

    private final PrintStream out;

    RenderCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        Map<String, String> files = files();
        if (folder.isPresent()) {
            new RenderedFolder(folder.get()).write(files);
        } else if (files.size() == 1) {
            out.print(files.values().iterator().next());
        } else {
            files.forEach((path, content) -> out.print("# " + path + "\n" + content + "---\n"));
        }
        return 0;
    }

    private Map<String, String> files() {
        if (crds) {
            return documents("crds.yaml", Crds.all());
        }
        if (operator) {
            return documents("operator.yaml", OperatorObjects.of(place()));
        }
        return kserve ? documents("kserve.yaml", ServingRuntimeObjects.of(place())) : ofFile();
    }

    private Platform place() {
        return file.map(path -> new ClusterFile(path, Version.RELEASE).platform(environment))
                .orElseGet(() ->
                        Platform.of(List.of(), Platform.ANY, Optional.empty(), Version.RELEASE));
    }

    private Map<String, String> ofFile() {
        ClusterFile source =
                new ClusterFile(
                        file.orElseThrow(() ->
                                OptionValues.wrong(
                                        "-f",
                                        "missing",
                                        "a resource file, --crds, --operator or --kserve")),
                        Version.RELEASE);
        return switch (form()) {
            case PLAIN -> documents("tidemill.yaml", Manifests.of(source.platform(environment)));
            case HELM -> HelmChart.of(source.platform(environment));
            case KUSTOMIZE -> kustomize(source);
        };
    }

    private Output form() {
        for (Output form : Output.values()) {
            if (form.name().toLowerCase(Locale.ROOT).equals(output)) {
                return form;
            }
        }
        throw OptionValues.wrong("--output", output, "plain, helm or kustomize");
    }

    private static Map<String, String> documents(String name, List<KubeObject> objects) {
        return Map.of(
                name, YamlWriter.documents(objects.stream().map(KubeObject::fields).toList()));
    }

    private Map<String, String> kustomize(ClusterFile source) {
        if (environment.isPresent()) {
            throw OptionValues.wrong(
                    "-e",
                    environment.get(),
                    "no environment with --output kustomize: each has its overlay");
        }
        Map<String, List<KubeObject>> overlays = new LinkedHashMap<>();
        source.environments()
                .forEach(each -> overlays.put(each.name(), Manifests.of(source.in(each))));
        return Kustomization.of(Manifests.of(source.base()), overlays);
    }
}
