package dev.tidemill.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

final class ModuleTableTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| ([a-z0-9/-]+) \\| [^|]+ \\|([^|]*)\\|$", Pattern.MULTILINE);

    private final Path root = Repository.root();

    @Test
    void docs_modules_md_lists_every_module_with_exactly_what_its_pom_uses() throws Exception {
        assertThat(table()).isEqualTo(poms());
    }

    @Test
    void every_module_says_in_a_readme_of_at_most_a_page_what_it_does() throws Exception {
        for (String module : poms().keySet()) {
            Path readme = root.resolve(module).resolve("README.md");
            assertThat(readme).exists();
            List<String> lines = Files.readAllLines(readme);
            assertThat(lines).as(module).hasSizeLessThanOrEqualTo(80);
            assertThat(lines.getFirst()).isEqualTo("# " + module);
        }
    }

    @Test
    void directory_artifact_and_package_have_one_name() throws Exception {
        for (String module : poms().keySet()) {
            Document pom = pom(root.resolve(module).resolve("pom.xml"));
            assertThat(child(pom.getDocumentElement(), "artifactId"))
                    .isEqualTo("tidemill-" + module.replace('/', '-'));
            Path main = root.resolve(module).resolve("src/main/java");
            if (Files.exists(main)) {
                Path named = main.resolve("dev/tidemill").resolve(module);
                try (Stream<Path> files = Files.walk(main)) {
                    assertThat(files.filter(Files::isRegularFile))
                            .as(module)
                            .isNotEmpty()
                            .allMatch(file -> file.startsWith(named));
                }
            }
        }
    }

    private Map<String, TreeSet<String>> table() throws IOException {
        String page = Files.readString(root.resolve("docs/modules.md"));
        String first = page.substring(0, page.indexOf("\nRules, with"));
        Map<String, TreeSet<String>> table = new TreeMap<>();
        Matcher row = ROW.matcher(first);
        while (row.find()) {
            TreeSet<String> uses = new TreeSet<>();
            for (String use : row.group(2).split(",")) {
                if (!use.isBlank()) {
                    uses.add(use.strip());
                }
            }
            table.put(row.group(1), uses);
        }
        table.remove("module");
        return table;
    }

    private Map<String, TreeSet<String>> poms() throws Exception {
        Map<String, String> byArtifact = new TreeMap<>();
        NodeList modules = pom(root.resolve("pom.xml")).getElementsByTagName("module");
        for (int i = 0; i < modules.getLength(); i++) {
            String module = modules.item(i).getTextContent();
            byArtifact.put("tidemill-" + module.replace('/', '-'), module);
        }
        Map<String, TreeSet<String>> poms = new TreeMap<>();
        for (String module : byArtifact.values()) {
            NodeList dependencies =
                    pom(root.resolve(module).resolve("pom.xml")).getElementsByTagName("dependency");
            TreeSet<String> uses = new TreeSet<>();
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                String artifact = child(dependency, "artifactId");
                if (byArtifact.containsKey(artifact)
                        && !child(dependency, "scope").equals("test")) {
                    uses.add(byArtifact.get(artifact));
                }
            }
            poms.put(module, uses);
        }
        return poms;
    }

    private static Document pom(Path file)
            throws IOException, SAXException, ParserConfigurationException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static String child(Element parent, String name) {
        for (int i = 0; i < parent.getChildNodes().getLength(); i++) {
            if (parent.getChildNodes().item(i) instanceof Element element
                    && element.getTagName().equals(name)) {
                return element.getTextContent().strip();
            }
        }
        return "";
    }
}
