package dev.tidemill.guardrails;

import java.util.List;

/// Looks at texts of requests and answers. Your own ones implement it, and [GuardrailProvider] to
/// be found; `GuardrailContract` of the testkit says by tests what must hold.
///
/// Thread-safe, keeps nothing between two calls, and takes time in proportion to the text's length,
/// whatever the text is: it stands in the way of every request.
public interface Guardrail {
    /// What it finds, in the order of the text, without overlaps. Whether something is found may
    /// depend on up to [#CONTEXT] characters before it and on one character after it, and on
    /// nothing else.
    ///
    /// @param from where to begin; what stands before is there to be looked at only
    List<Finding> find(String text, int from);

    /// As above, of those only that begin before a place: of a text that comes in pieces the rest
    /// is looked at when there is more of it. Worth to be implemented by what need not go on for
    /// that.
    ///
    /// @param until after the last place where a finding may begin
    default List<Finding> find(String text, int from, int until) {
        List<Finding> all = find(text, from);
        int count = 0;
        while (count < all.size() && all.get(count).from() < until) {
            count++;
        }
        return all.subList(0, count);
    }

    /// How long the longest finding is, in characters. In a stream a longer one need not be found.
    int reach();

    /// Of a text that is not at its end: where the first finding begins that the text so far leaves
    /// open. What stands before is passed on; what stands behind waits for more. The nearer to the
    /// end, the smoother streams are; [#reach] before the end is always right.
    ///
    /// @return the text's length when nothing is open
    default int openFrom(String text) {
        return Math.max(0, text.length() - reach());
    }

    /// Characters before a text that is looked at in pieces, which are kept to be looked at.
    int CONTEXT = 8;
}
