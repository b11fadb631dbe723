package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Texts to the numbers of their words: `text` BYTES [n] to `input_ids` and `attention_mask` INT64
/// [n, length], and `token_type_ids`, all 0, when asked for.
///
/// @param pieces whether words that are not in the vocabulary are taken apart (`##` before what
///   continues one), the longest beginning first
/// @param first before every text; -1 for none
/// @param last after every text; -1 for none
/// @param fixed whether every row is `maxLength` long, and not as long as the longest of them
record Tokenize(
        Vocabulary vocabulary,
        Words words,
        boolean pieces,
        int unknown,
        int padding,
        int first,
        int last,
        int maxLength,
        boolean fixed,
        boolean segments)
        implements FunctionModel {
    static final String NAME = "tokenize";

    /// As in BERT: longer ones are no words.
    private static final int MAX_WORD = 100;

    private static final String CONTINUED = "##";

    static Tokenize of(FunctionParameters given) {
        boolean pieces =
                given.oneOf("kind", List.of("whitespace", "wordpiece"), "wordpiece")
                        .equals("wordpiece");
        Vocabulary vocabulary = Vocabulary.of(given);
        boolean framed = given.flag("special_tokens", pieces);
        return new Tokenize(
                vocabulary,
                new Words(given.flag("lower_case", true), !pieces),
                pieces,
                vocabulary.required(given, "unk_token", "[UNK]"),
                vocabulary.required(given, "pad_token", "[PAD]"),
                framed ? vocabulary.required(given, "cls_token", "[CLS]") : -1,
                framed ? vocabulary.required(given, "sep_token", "[SEP]") : -1,
                given.whole("max_length", framed ? 3 : 1, 65_536, 128),
                given.oneOf("padding", List.of("max_length", "longest"), "max_length")
                        .equals("max_length"),
                given.flag("token_type_ids", false));
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec("text", DataType.BYTES, List.of(-1L)));
    }

    @Override
    public List<TensorSpec> outputs() {
        List<Long> shape = List.of(-1L, fixed ? (long) maxLength : -1L);
        List<TensorSpec> outputs = new ArrayList<>();
        outputs.add(new TensorSpec("input_ids", DataType.INT64, shape));
        outputs.add(new TensorSpec("attention_mask", DataType.INT64, shape));
        if (segments) {
            outputs.add(new TensorSpec("token_type_ids", DataType.INT64, shape));
        }
        return outputs;
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        long ids = 0;
        long longest = 1;
        for (byte[] text : ((Tensor.Text) inputs.getFirst()).values()) {
            // Hardly a text has as many pieces as bytes, and none has more but for its frame.
            long most = Math.min(maxLength, text.length + 2L);
            ids += most;
            longest = Math.max(longest, most);
        }
        long cells = inputs.getFirst().shape()[0] * (fixed ? maxLength : longest);
        return Texts.bytes(inputs.getFirst())
                + ids * Integer.BYTES
                + cells * Long.BYTES * outputs().size();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        List<int[]> rows = Texts.of(inputs.getFirst()).stream().map(this::ids).toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        // Nothing at all is no row that a model could take.
        int length = fixed ? maxLength : Math.max(1, longest);
        long[] shape = {rows.size(), length};
        ByteBuffer ids = FunctionModel.block(DataType.INT64, shape);
        ByteBuffer mask = FunctionModel.block(DataType.INT64, shape);
        for (int[] row : rows) {
            for (int i = 0; i < length; i++) {
                ids.putLong(i < row.length ? row[i] : padding);
                mask.putLong(i < row.length ? 1 : 0);
            }
        }
        List<Tensor> outputs = new ArrayList<>();
        outputs.add(new Tensor.Numeric("input_ids", DataType.INT64, shape, ids.flip()));
        outputs.add(new Tensor.Numeric("attention_mask", DataType.INT64, shape, mask.flip()));
        if (segments) {
            ByteBuffer zeros = FunctionModel.block(DataType.INT64, shape);
            outputs.add(new Tensor.Numeric("token_type_ids", DataType.INT64, shape, zeros));
        }
        return outputs;
    }

    /// Cut where it is too long, the last mark kept.
    int[] ids(String text) {
        int[] ids = new int[maxLength];
        int used = 0;
        if (first >= 0) {
            ids[used++] = first;
        }
        int room = last >= 0 ? maxLength - 1 : maxLength;
        for (String word : words.of(text)) {
            if (used == room) {
                break;
            }
            used = put(word, ids, used, room);
        }
        if (last >= 0) {
            ids[used++] = last;
        }
        return Arrays.copyOf(ids, used);
    }

    private int put(String word, int[] ids, int from, int room) {
        if (!pieces) {
            int id = vocabulary.id(word);
            ids[from] = id < 0 ? unknown : id;
            return from + 1;
        }
        int used = from;
        for (int id : pieces(word)) {
            if (used < room) {
                ids[used++] = id;
            }
        }
        return used;
    }

    private List<Integer> pieces(String word) {
        if (word.codePointCount(0, word.length()) > MAX_WORD) {
            return List.of(unknown);
        }
        List<Integer> found = new ArrayList<>();
        int at = 0;
        while (at < word.length()) {
            int end = Math.min(word.length(), at + vocabulary.longest());
            int id = -1;
            for (; end > at; end--) {
                String piece = word.substring(at, end);
                id = vocabulary.id(at == 0 ? piece : CONTINUED + piece);
                if (id >= 0) {
                    break;
                }
            }
            if (id < 0) {
                return List.of(unknown);
            }
            found.add(id);
            at = end;
        }
        return found;
    }
}
