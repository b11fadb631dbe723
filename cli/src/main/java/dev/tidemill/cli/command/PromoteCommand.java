package dev.tidemill.cli.command;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description =
                "Point an alias at a version. Models that follow the alias change over by themselves.")
final class PromoteCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A registered model.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "One of its versions.")
    private int version;

    @Option(names = "--alias", required = true, paramLabel = "ALIAS", description = "The alias.")
    private String alias = "";

    private final PrintStream out;

    PromoteCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        Needed.control(data.folder()).with(control -> control.promote(model, alias, version));
        out.println("%s@%s is version %d".formatted(model, alias, version));
        return 0;
    }
}
