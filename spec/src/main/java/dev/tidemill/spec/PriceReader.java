package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what models cost.
final class PriceReader {
    private final Map<String, Integer> lines = new HashMap<>();

    Prices read(MappingCursor prices) {
        List<Prices.ModelPrice> models = new ArrayList<>();
        for (MappingCursor model : prices.children(PriceKeys.MODELS)) {
            models.add(model(model));
        }
        return new Prices(prices.get(PriceKeys.CURRENCY), models);
    }

    private Prices.ModelPrice model(MappingCursor model) {
        List<Located<String>> names = model.items(PriceKeys.NAMES);
        if (names.isEmpty() && model.isSound(PriceKeys.NAMES)) {
            model.problem(PriceKeys.NAMES, "the names of models, or '*' for all others");
        }
        for (Located<String> name : names) {
            Integer taken = lines.putIfAbsent(name.value(), name.line());
            if (taken != null) {
                model.problem(
                        PriceKeys.NAMES,
                        "each model once; '%s' has a price on line %d too"
                                .formatted(name.value(), taken));
            }
        }
        BigDecimal input = model.get(PriceKeys.INPUT);
        return new Prices.ModelPrice(
                names.stream().map(Located::value).toList(),
                input,
                model.find(PriceKeys.CACHED_INPUT).orElse(input),
                model.get(PriceKeys.OUTPUT));
    }
}
