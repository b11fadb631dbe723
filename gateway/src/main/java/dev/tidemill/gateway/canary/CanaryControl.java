package dev.tidemill.gateway.canary;

import dev.tidemill.gateway.control.ControlApi;
import dev.tidemill.http.Json;
import java.io.IOException;
import java.util.List;

/// Control, for gateways that have no disk of their own. It is the one place where it stands how
/// far a rollout is: each of several gateways of one name writes there what it decides, and follows
/// what the others decided.
public final class CanaryControl implements CanaryKeeping {
    private final ControlApi control;
    private final String path;

    /// @param gateway its name
    public CanaryControl(ControlApi control, String gateway) {
        this.control = control;
        this.path = "/api/v1/rollouts/" + gateway;
    }

    @Override
    public List<Kept> read() throws IOException {
        return Json.read(control.get(path), Content.class).canaries();
    }

    @Override
    public void write(List<Kept> rollouts) throws IOException {
        if (!rollouts.isEmpty()) {
            control.send("PUT", path, Json.bytes(new Content(rollouts)));
        }
    }

    @Override
    public String where() {
        return "control";
    }

    @Override
    public boolean isShared() {
        return true;
    }
}
