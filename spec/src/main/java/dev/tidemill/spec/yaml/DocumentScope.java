package dev.tidemill.spec.yaml;

import java.util.HashMap;
import java.util.Map;

/// What the cursors of one document share: who it is about, its findings, the lines of its keys.
public final class DocumentScope {
    private final Findings findings;
    private final String subject;
    private boolean sound;
    private final Map<String, Integer> lines = new HashMap<>();

    /// @param subject such as `Model/digits` or `document 2`
    /// @param sound whether the document has had no problem until now
    public DocumentScope(Findings findings, String subject, boolean sound) {
        this.findings = findings;
        this.subject = subject;
        this.sound = sound;
    }

    public void problem(int line, String path, String value, String expected) {
        sound = false;
        findings.add(line, path.isEmpty() ? subject : subject + " " + path, value, expected);
    }

    /// Whether no problem was found in the document so far.
    public boolean isSound() {
        return sound;
    }

    /// Line of every key seen so far, by path.
    public Map<String, Integer> lines() {
        return Map.copyOf(lines);
    }

    /// Whether problems are only counted from now on: no need to make their texts costly.
    public boolean isFull() {
        return findings.isFull();
    }

    void seen(String path, int line) {
        lines.put(path, line);
    }
}
