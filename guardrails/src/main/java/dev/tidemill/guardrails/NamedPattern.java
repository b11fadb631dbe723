package dev.tidemill.guardrails;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a file can ask for by name.
public enum NamedPattern {
    EMAIL,
    PHONE,
    CREDIT_CARD,
    CN_ID_CARD,
    CN_MOBILE,
    IPV4,
    API_KEY;

    private Scanner scanner() {
        return switch (this) {
            case EMAIL -> new EmailScanner();
            case PHONE -> new PhoneScanner();
            case CREDIT_CARD -> new CardScanner();
            case CN_ID_CARD -> new ChineseIdScanner();
            case CN_MOBILE -> new ChineseMobileScanner();
            case IPV4 -> new Ipv4Scanner();
            case API_KEY -> new ApiKeyScanner();
        };
    }

    /// As files name it: `credit-card`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<NamedPattern> of(String text) {
        for (NamedPattern pattern : values()) {
            if (pattern.text().equals(text)) {
                return Optional.of(pattern);
            }
        }
        return Optional.empty();
    }

    /// What stands in its place unless a file says otherwise: `[EMAIL]`.
    public String replacement() {
        return "[" + name() + "]";
    }

    public Guardrail guardrail(String replacement) {
        return new Scanned(scanner(), replacement, text());
    }

    private record Scanned(Scanner scanner, String replacement, String what) implements Guardrail {
        @Override
        public List<Finding> find(String text, int from) {
            return find(text, from, text.length());
        }

        @Override
        public List<Finding> find(String text, int from, int until) {
            List<Finding> found = new ArrayList<>(0);
            int at = from;
            while (at < until) {
                int end = scanner.begins(text.charAt(at)) ? scanner.endOf(text, at) : -1;
                if (end > at) {
                    found.add(new Finding(at, end, replacement, what));
                    at = end;
                } else {
                    at++;
                }
            }
            return found;
        }

        @Override
        public int reach() {
            return scanner.reach();
        }

        @Override
        public int openFrom(String text) {
            int least = Math.max(0, text.length() - scanner.reach());
            int run = text.length();
            while (run > least && scanner.takes(text.charAt(run - 1))) {
                run--;
            }
            while (run < text.length() && !scanner.begins(text.charAt(run))) {
                run++;
            }
            return run;
        }
    }
}
