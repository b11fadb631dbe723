package dev.tidemill.spec.yaml;

import dev.tidemill.common.ByteSize;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Bytes of a file as text that is safe to parse: small, UTF-8, printable, without endless lines.
public final class SourceText {
    /// Larger files are not looked at.
    public static final ByteSize MAX_SIZE = ByteSize.mebibytes(1);

    /// The scanner's time grows with the square of a line's length.
    static final int MAX_LINE = 65_536;

    private final String text;

    private SourceText(String text) {
        this.text = text;
    }

    /// The text without a byte order mark, or nothing when a finding says why not.
    public static Optional<SourceText> of(byte[] content, Findings findings) {
        if (content.length > MAX_SIZE.bytes()) {
            findings.add(1, "file", new ByteSize(content.length).toString(), "at most " + MAX_SIZE);
            return Optional.empty();
        }
        return decode(content, findings)
                .map(text -> text.startsWith("\uFEFF") ? text.substring(1) : text)
                .filter(text -> isParseable(text, findings))
                .map(SourceText::new);
    }

    public String text() {
        return text;
    }

    /// @param line from 1
    String line(int line) {
        return text.lines().skip(line - 1L).findFirst().orElse("").strip();
    }

    private static Optional<String> decode(byte[] content, Findings findings) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isUnderflow()) {
            return Optional.of(out.flip().toString());
        }
        int offset = in.position();
        findings.add(
                lineAt(out.flip()),
                "file",
                "byte 0x%02X at offset %d".formatted(content[offset] & 0xff, offset),
                "UTF-8 text" + (isUtf16(content) ? "; this looks like UTF-16" : ""));
        return Optional.empty();
    }

    private static boolean isUtf16(byte[] content) {
        int first = content[0] & 0xff;
        return content.length > 1 && (first ^ (content[1] & 0xff)) == 1 && first >= 0xfe;
    }

    private static boolean isParseable(String text, Findings findings) {
        int lineStart = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            if (!StreamReader.isPrintable(point)) {
                findings.add(
                        lineAt(text.substring(0, i)),
                        "file",
                        "U+%04X".formatted(point),
                        "text without control characters");
                return false;
            }
            if (point == '\n' || point == '\r') {
                lineStart = i + 1;
            } else if (i - lineStart >= MAX_LINE) {
                findings.add(
                        lineAt(text.substring(0, i)),
                        "file",
                        "a line of more than %d characters".formatted(MAX_LINE),
                        "shorter lines");
                return false;
            }
            i += Character.charCount(point);
        }
        return true;
    }

    /// The line that the end of the text is on. Lines end as in YAML: LF, CR LF or CR.
    private static int lineAt(CharSequence text) {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !pair)) {
                line++;
            }
        }
        return line;
    }
}
