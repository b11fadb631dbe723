package dev.tidemill.spec.yaml;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// The documents of a file, up to the first place that is not YAML.
///
/// @param complete whether the whole file could be read
public record YamlStream(List<YamlDocument> documents, boolean complete) {
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setLabel("file").setUseMarks(true).build();

    public YamlStream {
        documents = List.copyOf(documents);
    }

    public static YamlStream read(SourceText source, Findings findings) {
        List<YamlDocument> documents = new ArrayList<>();
        NodeBuilder builder =
                new NodeBuilder(
                        new Parse(SETTINGS).parseString(source.text()).iterator(), findings);
        try {
            readAll(builder, new Slices(source.text()), documents);
        } catch (RuntimeException e) {
            // The scanner also lets NumberFormatException and the like out of bad escapes.
            SyntaxProblem.of(e, builder.line(), source).addTo(findings);
            return new YamlStream(documents, false);
        }
        return new YamlStream(documents, !builder.stopped());
    }

    private static void readAll(NodeBuilder builder, Slices slices, List<YamlDocument> documents) {
        while (!builder.stopped() && builder.hasNext()) {
            Event start = builder.next();
            if (start instanceof DocumentStartEvent) {
                int earlier = builder.problems();
                YamlNode root = builder.node();
                if (!builder.stopped()) {
                    String text = slices.between(start, builder.next());
                    if (!isEmpty(root)) {
                        documents.add(
                                new YamlDocument(
                                        documents.size() + 1,
                                        root,
                                        text,
                                        builder.problems() == earlier));
                    }
                }
            }
        }
    }

    private static boolean isEmpty(YamlNode root) {
        return root instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.Type.NULL;
    }

    /// Cuts documents out of the text in order; marks count code points, strings do not.
    private static final class Slices {
        private final String text;
        private int points;
        private int offset;

        Slices(String text) {
            this.text = text;
        }

        String between(Event start, Event end) {
            int from = advance(start);
            return text.substring(from, advance(end));
        }

        private int advance(Event event) {
            int index = event.getStartMark().map(Mark::getIndex).orElse(points);
            offset = text.offsetByCodePoints(offset, index - points);
            points = index;
            return offset;
        }
    }
}
