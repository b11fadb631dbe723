package dev.tidemill.operator.act;

import java.util.List;

/// One call of the API server.
public sealed interface Action {
    ObjectKey key();

    /// Why, in a sentence for logs and events.
    String reason();

    /// @param why what makes it necessary
    /// @param drift the fields that somebody else changed
    record Apply(Wanted wanted, Why why, List<String> drift) implements Action {
        private static final int NAMED = 5;

        public Apply {
            drift = List.copyOf(drift);
        }

        @Override
        public ObjectKey key() {
            return wanted.key();
        }

        @Override
        public String reason() {
            return switch (why) {
                case NEW -> "%s is made for %s".formatted(key(), wanted.owner());
                case CHANGED -> "%s is changed with %s".formatted(key(), wanted.owner());
                case DRIFT ->
                        "%s was changed by somebody else and is set back: %s%s"
                                .formatted(
                                        key(),
                                        String.join(
                                                ", ",
                                                drift.subList(0, Math.min(NAMED, drift.size()))),
                                        drift.size() > NAMED ? " and others" : "");
            };
        }
    }

    record Delete(ObjectKey key, String owner) implements Action {
        @Override
        public String reason() {
            return "%s is removed: %s wants it no more".formatted(key, owner);
        }
    }

    /// What makes an apply necessary.
    enum Why {
        NEW,
        CHANGED,
        DRIFT
    }
}
