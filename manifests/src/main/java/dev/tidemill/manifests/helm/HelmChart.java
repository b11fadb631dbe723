package dev.tidemill.manifests.helm;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Manifests;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A chart of one file: image, replicas, resources, environment variables and placement are values,
/// all else stands in the templates as the file says it. The namespace is the release's.
public final class HelmChart {
    /// A pre-stop pause needs it.
    private static final String KUBERNETES = ">=1.30.0-0";

    private HelmChart() {}

    /// @return content by path in the chart's folder
    public static Map<String, String> of(Platform platform) {
        Map<String, String> files = new TreeMap<>();
        Values values = new Values();
        List<KubeObject> objects =
                Manifests.of(platform).stream()
                        .filter(object -> !object.kind().equals("Namespace"))
                        .toList();
        for (KubeObject object : objects) {
            String template = YamlWriter.write(new Template(values).of(object));
            files.put(
                    "templates/%s.yaml".formatted(object.id().replace('/', '-')),
                    Template.unescaped(template));
        }
        files.put("Chart.yaml", YamlWriter.write(chart(platform)));
        files.put(
                "values.yaml",
                "# What the file says. A key that is taken away here is missed by the templates.\n"
                        + Template.plain(YamlWriter.write(values.tree())));
        files.put("templates/NOTES.txt", notes());
        return files;
    }

    private static Map<String, Object> chart(Platform platform) {
        Map<String, Object> chart = new LinkedHashMap<>();
        chart.put("apiVersion", "v2");
        chart.put("name", "tidemill");
        chart.put("description", "Models behind a gateway, from one Tidemill file");
        chart.put("type", "application");
        chart.put("version", platform.release());
        chart.put("appVersion", platform.release());
        chart.put("kubeVersion", KUBERNETES);
        return chart;
    }

    private static String notes() {
        return """
        {{ .Release.Name }} is in the namespace {{ .Release.Namespace }}.

          kubectl --namespace {{ .Release.Namespace }} get pods --selector app.kubernetes.io/part-of=tidemill

        Servers become ready when the registry has their models.
        """;
    }
}
