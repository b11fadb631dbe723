package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.FunctionParameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Numbers of words: the line of the file, from 0.
record Vocabulary(Map<String, Integer> ids, int longest) {
    private static final String FILE = "vocab.txt";

    static Vocabulary of(FunctionParameters parameters) {
        String file = parameters.text("vocab", FILE);
        List<String> lines = parameters.lines("vocab", FILE).orElse(List.of());
        Map<String, Integer> ids = HashMap.newHashMap(lines.size());
        int longest = 0;
        for (int i = 0; i < lines.size(); i++) {
            String word = lines.get(i).strip();
            if (!word.isEmpty()) {
                ids.put(word, i);
                longest = Math.max(longest, word.length());
            }
        }
        if (ids.isEmpty()) {
            throw FunctionParameters.wrong("vocab", file, "a file with a word a line");
        }
        return new Vocabulary(Map.copyOf(ids), longest);
    }

    /// Of a word that must be there.
    ///
    /// @param key of the parameter that can name another
    int required(FunctionParameters parameters, String key, String otherwise) {
        String word = parameters.text(key, otherwise);
        Integer id = ids.get(word);
        if (id == null) {
            throw FunctionParameters.wrong(key, word, "a word of the vocabulary");
        }
        return id;
    }

    /// -1 when it is not there.
    int id(String word) {
        return ids.getOrDefault(word, -1);
    }
}
