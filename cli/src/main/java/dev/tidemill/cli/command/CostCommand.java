package dev.tidemill.cli.command;

import dev.tidemill.cli.rehearse.Bill;
import dev.tidemill.cli.rehearse.Mixes;
import dev.tidemill.cli.rehearse.PriceFile;
import dev.tidemill.cli.up.SpecFile;
import dev.tidemill.rehearsal.cost.Instance;
import dev.tidemill.spec.Resource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "cost",
        description =
                "Price a file by a table of instance prices: its replicas packed onto the cheapest instances.")
final class CostCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Resource file (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("tidemill.yaml");

    @Option(
            names = "--prices",
            paramLabel = "CSV",
            description =
                    "Columns instance, cores, memory_gib, price_per_hour and, if you like, gpus and spot"
                            + " (default: a table of round sizes at OpenCost's default prices).")
    private @Nullable Path prices;

    @Option(names = "--spot", description = "Also use instances that the provider may take back.")
    private boolean spot;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description =
                    "Mean replicas of every model and app, such as a rehearsal says (default: between the file's"
                            + " min and max only the two ends are priced).")
    private double replicas = Double.NaN;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Requests a second of every model that states kinds of replicas: which of them serve that at the least price.")
    private double rate = Double.NaN;

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "Of a month (default: ${DEFAULT-VALUE}).")
    private double hours = 730;

    @Option(
            names = "--currency",
            paramLabel = "NAME",
            description = "Of the prices (default: ${DEFAULT-VALUE}).")
    private String currency = "USD";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final PrintStream out;

    CostCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (!(hours > 0 && hours <= 8784)) {
            throw OptionValues.wrong("--hours", Double.toString(hours), "above 0 to 8784");
        }
        if (!Double.isNaN(replicas) && !(replicas >= 0 && replicas <= 100_000)) {
            throw OptionValues.wrong("--replicas", Double.toString(replicas), "0 to 100000");
        }
        List<Instance> instances =
                PriceFile.read(prices).stream().filter(each -> spot || !each.spot()).toList();
        if (instances.isEmpty()) {
            throw OptionValues.wrong(
                    "--prices", String.valueOf(prices), "an instance that is not spot, or --spot");
        }
        if (!Double.isNaN(rate) && !(rate >= 0 && rate <= 1e9)) {
            throw OptionValues.wrong("--rate", Double.toString(rate), "0 to 1000000000");
        }
        List<Resource> resources = SpecFile.parse(file);
        Bill bill = Bill.of(resources, instances, replicas);
        Optional<Mixes> mixes =
                Double.isNaN(rate) ? Optional.empty() : Optional.of(Mixes.of(resources, rate));
        if (json) {
            Map<String, Object> tree = new LinkedHashMap<>(bill.tree(hours, currency));
            mixes.ifPresent(each -> tree.put("mixes", each.tree()));
            out.println(
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(tree));
        } else {
            bill.print(out, hours, currency, prices == null);
            mixes.ifPresent(each -> each.print(out));
        }
        return 0;
    }
}
