package dev.tidemill.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReadingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @Test
    void anAnswerIsTheSameHoweverItsBytesComeInPieces() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String body = "0123456789".repeat(random.nextInt(1, 5000));
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int length = random.nextInt(1, body.length() - at + 1);
            chunks.append(Integer.toHexString(length)).append(";x=y\r\n");
            chunks.append(body, at, at + length).append("\r\n");
            at += length;
        }
        String long64 = "v".repeat(40_000);
        String answer =
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                        + OK
                        + "X-Long: "
                        + long64
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks
                        + "0\r\nX-Trailer: t\r\n\r\n";
        for (int most : new int[] {1, 7, 1000, 100_000}) {
            Incoming in = pieces(answer + OK, most, random);
            AnswerHead head = AnswerHead.read(in);
            BodyReader reader = new BodyReader(in, head.framing(false));

            assertThat(head.headers().get(HeaderNames.create("x-long")).get()).isEqualTo(long64);
            assertThat(rest(reader)).as("seed %d, pieces of %d", seed, most).isEqualTo(body);
            assertThat(reader.hasEnded()).isTrue();
            in.begin();
            assertThat(in.line(100)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aBodyOfAKnownLengthIsReadUpToItsEndAndNotFurther() throws IOException {
        Incoming in = pieces("headABCDEFnext", 3, new SplittableRandom(1));
        for (int i = 0; i < "head".length(); i++) {
            in.next();
        }
        BodyReader reader = new BodyReader(in, new BodyFraming.Length(6));
        byte[] room = reader.room();
        int have = 0;
        while (have < room.length) {
            have = reader.fill(room, have);
        }

        assertThat(new String(room, ISO_8859_1)).isEqualTo("ABCDEF");
        assertThat(reader.hasEnded()).isTrue();
        assertThat((char) in.next()).isEqualTo('n');
    }

    @Test
    void aPieceIsPassedOnBeforeTheEndOfItsChunkHasCome() throws IOException {
        Incoming in = pieces("5\r\nhello", 100, new SplittableRandom(1));
        BodyReader reader = new BodyReader(in, new BodyFraming.Chunked());

        BufferData piece = reader.next();
        assertThat(piece).isNotNull();
        assertThat(new String(piece.readBytes(), ISO_8859_1)).isEqualTo("hello");
        assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
        assertThat(reader.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nA: b\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                OK + "no colon\r\n\r\n",
                OK + ": no name\r\n\r\n",
                OK + "A : b\r\n\r\n",
                OK + " A: folded\r\n\r\n",
                OK + "A: b\u0000c\r\n\r\n",
                OK + "A: b\rc\r\n\r\n",
                OK + "A: b\nB: c\r\n\r\n",
                OK + "\u00c4: b\r\n\r\n"
            })
    void aHeadThatTheNextReaderMightReadOtherwiseIsRefused(String head) {
        Incoming in = pieces(head, 100, new SplittableRandom(1));

        assertThatThrownBy(() -> AnswerHead.read(in)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello!\r\n",
                "-5\r\nhello\r\n",
                "+5\r\nhello\r\n",
                "5 5\r\n",
                "\r\n",
                "g\r\n"
            })
    void aChunkThatIsNotWhatItSaysIsRefused(String chunk) {
        Incoming in = pieces(chunk + "0\r\n\r\n", 100, new SplittableRandom(1));
        BodyReader reader = new BodyReader(in, new BodyFraming.Chunked());

        assertThatThrownBy(() -> rest(reader)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void headsAndLinesThatNeverEndAreGivenUp() {
        SplittableRandom random = new SplittableRandom(1);

        assertThatThrownBy(() -> AnswerHead.read(pieces("H".repeat(100_000), 5000, random)))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(
                        () -> AnswerHead.read(pieces(OK + "A: b\r\n".repeat(20_000), 5000, random)))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() ->
                        AnswerHead.read(pieces(OK + "A: " + "b".repeat(100_000), 5000, random)))
                .isInstanceOf(ProtocolException.class);
    }

    private static String rest(BodyReader reader) throws IOException {
        StringBuilder all = new StringBuilder();
        for (BufferData piece = reader.next(); piece != null; piece = reader.next()) {
            all.append(new String(piece.readBytes(), ISO_8859_1));
        }
        return all.toString();
    }

    /// Gives at most so many bytes at a time.
    private static Incoming pieces(String text, int most, SplittableRandom random) {
        InputStream all = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        return new Incoming(
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        return all.read();
                    }

                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        int wanted = Math.min(length, most == 1 ? 1 : random.nextInt(1, most));
                        return all.read(into, from, wanted);
                    }
                });
    }
}
