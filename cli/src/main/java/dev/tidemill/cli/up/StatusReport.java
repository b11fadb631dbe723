package dev.tidemill.cli.up;

import dev.tidemill.autoscale.Scaler;
import dev.tidemill.autoscale.Traffic;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.Status.AppStatus;
import dev.tidemill.cli.up.Status.ModelStatus;
import dev.tidemill.cli.up.Status.ProcessStatus;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.RegisteredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Puts the parts of a [Status] together. Reads state only inside the [Loop].
final class StatusReport {
    private final Laptop laptop;
    private final Upkeep upkeep;
    private final StateFolder state;

    StatusReport(Laptop laptop, Upkeep upkeep, StateFolder state) {
        this.laptop = laptop;
        this.upkeep = upkeep;
        this.state = state;
    }

    List<ProcessStatus> processes(long ownPid, String ownState) {
        return laptop.loop()
                .ask(() -> {
                    List<ProcessStatus> all = new ArrayList<>();
                    all.add(new ProcessStatus("up", "up", ownPid, 0, ownState));
                    service(laptop.control()).ifPresent(all::add);
                    postgres().ifPresent(all::add);
                    service(laptop.gateway()).ifPresent(all::add);
                    for (Pool pool : laptop.fleet().pools()) {
                        pool.replicas().forEach(r -> all.add(replica(r)));
                    }
                    return all;
                });
    }

    /// @param registered as the registry lists them; models it does not list have no versions
    List<ModelStatus> models(Map<String, RegisteredModel> registered) {
        return laptop.loop()
                .ask(() -> {
                    List<ModelStatus> all = new ArrayList<>();
                    for (Pool pool : laptop.fleet().pools()) {
                        for (ServedModel model : pool.models()) {
                            all.add(
                                    model(
                                            pool,
                                            model,
                                            Optional.ofNullable(registered.get(model.name()))));
                        }
                    }
                    return all;
                });
    }

    List<AppStatus> apps() {
        return laptop.loop()
                .ask(() ->
                        laptop.fleet().pools().stream()
                                .filter(pool -> pool.spec() instanceof PoolSpec.Programs)
                                .map(this::app)
                                .toList());
    }

    private AppStatus app(Pool pool) {
        String name = pool.spec().name();
        Traffic traffic = upkeep.traffic().getOrDefault(name, Traffic.NONE);
        return new AppStatus(
                name,
                pool.wanted(),
                pool.ready().size(),
                isPinned(name),
                traffic.requestsPerSecond(),
                traffic.concurrency(),
                traffic.p99().toNanos() / 1e6,
                upkeep.scaler(name).map(Scaler::reason).orElse(""));
    }

    private boolean isPinned(String pool) {
        return upkeep.scaler(pool).map(Scaler::pinned).filter(p -> p.isPresent()).isPresent();
    }

    private ModelStatus model(Pool pool, ServedModel model, Optional<RegisteredModel> registered) {
        String owner = pool.spec().name();
        Traffic traffic = upkeep.traffic().getOrDefault(owner, Traffic.NONE);
        return new ModelStatus(
                model.name(),
                model.version(),
                owner,
                pool.wanted(),
                pool.ready().size(),
                isPinned(owner),
                traffic.requestsPerSecond(),
                traffic.concurrency(),
                traffic.p99().toNanos() / 1e6,
                upkeep.scaler(owner).map(Scaler::reason).orElse(""),
                registered.map(RegisteredModel::aliases).orElse(Map.of()),
                registered.map(RegisteredModel::versions).orElse(List.<ModelVersion>of()));
    }

    private static Optional<ProcessStatus> service(Service service) {
        return service.child()
                .map(child ->
                        status(child, service.port(), service.ready() ? "ready" : "starting"));
    }

    private static ProcessStatus replica(Replica replica) {
        return status(
                replica.child(), replica.port(), replica.phase().name().toLowerCase(Locale.ROOT));
    }

    private static ProcessStatus status(ChildProcess child, int port, String phase) {
        return new ProcessStatus(child.role(), child.name(), child.pid(), port, phase);
    }

    /// PostgreSQL is control's child; what it says of itself is in its pid file: pid on the first
    /// line, port on the fourth.
    private Optional<ProcessStatus> postgres() {
        try {
            List<String> lines = Files.readAllLines(state.postmasterPid());
            long pid = Long.parseLong(lines.getFirst().strip());
            int port = Integer.parseInt(lines.get(3).strip());
            boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
            return Optional.of(
                    new ProcessStatus(
                            "postgres", "postgres", pid, port, ready ? "ready" : "starting"));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
