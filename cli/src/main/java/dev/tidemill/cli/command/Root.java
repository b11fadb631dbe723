package dev.tidemill.cli.command;

import dev.tidemill.common.TidemillException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemill` with its commands, in the order in which a newcomer meets them.
@Command(
        name = "tidemill",
        description = "The AI platform for Java teams.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Root implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    private Root() {}

    /// @param out where results go
    /// @param err where a refusal goes, one line a problem
    public static CommandLine commandLine(PrintStream out, PrintStream err, InstantSource clock) {
        CommandLine line = new CommandLine(new Root());
        line.addSubcommand(new UpCommand(out, clock));
        line.addSubcommand(new StatusCommand(out, clock));
        line.addSubcommand(new PredictCommand(out));
        line.addSubcommand(new LogsCommand(out));
        line.addSubcommand(new ScaleCommand(out));
        line.addSubcommand(new ExplainCommand(out, clock));
        line.addSubcommand(new RecordCommand(out, clock));
        line.addSubcommand(new DownCommand(out));
        line.addSubcommand(new ServeCommand(out));
        line.addSubcommand(new GatewayCommand(out));
        line.addSubcommand(new ControlCommand(out));
        line.addSubcommand(new OperatorCommand(out));
        line.addSubcommand(new AuditCommand(out, clock));
        line.addSubcommand(new KeyCommand(out));
        line.addSubcommand(new InitCommand(out));
        line.addSubcommand(new ValidateCommand(out));
        line.addSubcommand(new RehearseCommand(out, err));
        line.addSubcommand(new CostCommand(out));
        line.addSubcommand(new RenderCommand(out));
        line.addSubcommand(new ApplyCommand(out, clock));
        line.addSubcommand(new DiffCommand(out, err));
        line.addSubcommand(new RollbackCommand(out, clock));
        line.addSubcommand(new ImageCommand(out));
        line.addSubcommand(new RegisterCommand(out));
        line.addSubcommand(new TrainCommand(out));
        line.addSubcommand(new PrewarmCommand(out, clock));
        line.addSubcommand(new BackupCommand(out, clock));
        line.addSubcommand(new ImportCommand(out));
        line.addSubcommand(new PromoteCommand(out));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        line.setExecutionExceptionHandler((failure, _, _) -> {
            if (failure instanceof TidemillException || failure instanceof UncheckedIOException) {
                err.println(failure.getMessage());
                return 1;
            }
            throw failure;
        });
        return line;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }
}
