package dev.tidemill.cli.registry;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;

/// A model of a registry, as `serve --model` names it.
///
/// @param name that it is served by
/// @param registered its name in the registry
/// @param selector a number, `latest`, or `@ALIAS`
public record RegistryModel(String name, String registered, String selector) {
    /// A model that is served by the name that the registry has for it.
    public RegistryModel(String name, String selector) {
        this(name, name, selector);
    }

    /// @param text `NAME`, `NAME@ALIAS` or `NAME:VERSION`, after `SERVED=` where it is served by
    ///   another name
    /// @throws TidemillException `INVALID_REQUEST`
    public static RegistryModel parse(String text) {
        int equals = text.indexOf('=');
        RegistryModel model = registered(text, text.substring(equals + 1));
        if (equals < 0) {
            return model;
        }
        String served = text.substring(0, equals);
        if (!ResourceName.isValid(served)) {
            throw wrong(text);
        }
        return new RegistryModel(served, model.registered(), model.selector());
    }

    private static RegistryModel registered(String whole, String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':');
        int end = Math.max(at, colon);
        String name = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end + 1);
        boolean right =
                end < 0 || (at < 0 ? rest.matches("[1-9][0-9]{0,8}") : ResourceName.isValid(rest));
        if (!right || !ResourceName.isValid(name)) {
            throw wrong(whole);
        }
        return new RegistryModel(name, end < 0 ? "latest" : at < 0 ? rest : "@" + rest);
    }

    private static TidemillException wrong(String text) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "--model: '%s' (expected: NAME, NAME@ALIAS or NAME:VERSION; SERVED= before it for another name)"
                        .formatted(text));
    }

    /// Whether it may mean another version tomorrow.
    public boolean moves() {
        return !Character.isDigit(selector.charAt(0));
    }

    @Override
    public String toString() {
        String served = name.equals(registered) ? "" : name + "=";
        return served
                + registered
                + (moves() ? selector.startsWith("@") ? selector : "" : ":" + selector);
    }
}
