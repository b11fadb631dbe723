package dev.tidemill.spec.yaml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;

/// Nodes out of parser events. Anchors, aliases and tags are refused, so that a document is a tree
/// no larger than its text; too deep a nesting ends the reading.
final class NodeBuilder {
    static final int MAX_DEPTH = 32;

    private final Iterator<Event> events;
    private final Findings findings;
    private int line = 1;
    private int depth;
    private boolean stopped;

    NodeBuilder(Iterator<Event> events, Findings findings) {
        this.events = events;
        this.findings = findings;
    }

    boolean hasNext() {
        return events.hasNext();
    }

    Event next() {
        Event event = events.next();
        event.getStartMark().ifPresent(mark -> line = mark.getLine() + 1);
        return event;
    }

    /// Line of the newest event.
    int line() {
        return line;
    }

    /// Whether reading ended before the end of the file.
    boolean stopped() {
        return stopped;
    }

    /// How many were found so far.
    int problems() {
        return findings.count();
    }

    YamlNode node() {
        return node(next());
    }

    private YamlNode node(Event event) {
        int start = line;
        if (event instanceof AliasEvent alias) {
            refuse(
                    "*" + alias.getAlias().getValue(),
                    "the value itself; aliases are not supported");
            return new YamlNode.Refused(start);
        }
        if (event instanceof NodeEvent node) {
            node.getAnchor()
                    .ifPresent(anchor ->
                            refuse(
                                    "&" + anchor.getValue(),
                                    "no anchor; anchors are not supported"));
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag());
            return new YamlNode.Scalar(scalar.getValue(), !scalar.isPlain(), start);
        }
        if (event instanceof CollectionStartEvent collection) {
            refuseTag(collection.getTag());
        }
        if (depth == MAX_DEPTH) {
            refuse("more than %d levels".formatted(MAX_DEPTH), "less nesting");
            stopped = true;
            return new YamlNode.Refused(start);
        }
        depth++;
        YamlNode node = event instanceof MappingStartEvent ? mapping(start) : sequence(start);
        depth--;
        return node;
    }

    private YamlNode sequence(int start) {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = next(); !(event instanceof SequenceEndEvent); event = next()) {
            items.add(node(event));
            if (stopped) {
                break;
            }
        }
        return new YamlNode.Sequence(items, start);
    }

    private YamlNode mapping(int start) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (Event event = next(); !(event instanceof MappingEndEvent); event = next()) {
            YamlNode key = node(event);
            if (stopped) {
                break;
            }
            YamlNode value = node();
            if (stopped) {
                break;
            }
            if (key instanceof YamlNode.Scalar scalar) {
                entries.add(new YamlNode.Entry(scalar.text(), scalar.line(), value));
            } else {
                findings.add(key.line(), "key", key.shown(), "a word as key");
            }
        }
        return new YamlNode.Mapping(entries, start);
    }

    private void refuseTag(Optional<String> tag) {
        tag.ifPresent(name -> refuse(name, "the value alone; tags are not supported"));
    }

    private void refuse(String value, String expected) {
        findings.add(line, "YAML", value, expected);
    }
}
