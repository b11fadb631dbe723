package dev.tidemill.rehearsal.token;

import dev.tidemill.rehearsal.token.Member.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All replicas: those that start, serve, drain. The emptiest go first, starting ones before them.
final class Pool {
    private final TokenScene scene;
    private final Books books;
    private final Agenda agenda = new Agenda();
    private final Nodes nodes;
    private final List<Member> members = new ArrayList<>();
    private final List<Member> ready = new ArrayList<>();
    private final List<@Nullable Member> byNumber = new ArrayList<>();
    private final List<Integer> free = new ArrayList<>();
    private double nextChange = Double.POSITIVE_INFINITY;
    private double cut;
    private double startSeconds = Double.NaN;
    private int ordered;

    Pool(TokenScene scene, Books books, double now) {
        this.scene = scene;
        this.books = books;
        this.nodes = new Nodes(scene.perNode(), scene.nodeStart().toMillis() / 1000.0);
        for (int i = 0; i < scene.replicas(); i++) {
            Member member = start(now, true);
            serve(member, now);
        }
        ordered = scene.replicas();
        startSeconds = Double.NaN;
    }

    Agenda agenda() {
        return agenda;
    }

    int ordered() {
        return ordered;
    }

    int ready() {
        return ready.size();
    }

    /// Starting, surging and draining ones included.
    int paid() {
        return members.size();
    }

    int paidNodes() {
        return nodes.paid();
    }

    double cut() {
        return cut;
    }

    /// As the last start took; not-a-number when none ended since the last call.
    double startSeconds() {
        double seconds = startSeconds;
        startSeconds = Double.NaN;
        return seconds;
    }

    /// When a replica starts to serve or runs out of time to drain.
    double nextChange() {
        return nextChange;
    }

    /// Requests on all replicas, draining ones included.
    int outstanding() {
        int sum = 0;
        for (Member member : members) {
            sum += member.outstanding();
        }
        return sum;
    }

    /// Of those, the ones that no replica ever began to work on.
    int fresh() {
        int sum = 0;
        for (Member member : members) {
            sum += member.fresh();
        }
        return sum;
    }

    List<Member> serving() {
        return ready;
    }

    /// The one with the least to do that has room for it: to read first, because a prompt waits for
    /// all those before it, and then to generate. Null for none.
    @Nullable Member roomFor(int prompt, int output) {
        Member best = null;
        long unread = Long.MAX_VALUE;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < ready.size(); i++) {
            Member each = ready.get(i);
            Engine engine = each.engine;
            if (engine == null || engine.unread() > unread) {
                continue;
            }
            boolean less = engine.unread() < unread || engine.outstanding() < least;
            if (less && engine.fits(prompt, output)) {
                unread = engine.unread();
                least = engine.outstanding();
                best = each;
            }
        }
        return best;
    }

    Member member(int number) {
        Member member = byNumber.get(number);
        if (member == null) {
            throw new IllegalStateException("replica %d is gone".formatted(number));
        }
        return member;
    }

    /// To be called after an engine was given work or did some.
    void changed(Member member) {
        Engine engine = member.engine;
        agenda.set(member.number, engine == null ? Double.POSITIVE_INFINITY : engine.next());
        if (member.state == State.DRAINING && member.outstanding() == 0) {
            gone(member);
        }
    }

    void order(int replicas, double now) {
        for (int i = ordered; i < replicas; i++) {
            start(now, false);
        }
        for (int i = replicas; i < ordered; i++) {
            Member least = leastNeeded();
            if (least != null) {
                leave(least, now);
            }
        }
        ordered = replicas;
        schedule();
    }

    private @Nullable Member leastNeeded() {
        Member least = null;
        for (Member each : members) {
            if (each.state == State.DRAINING || each.surge) {
                continue;
            }
            boolean fewer = least == null || rank(each) <= rank(least);
            least = fewer ? each : least;
        }
        return least;
    }

    private static int rank(Member member) {
        return member.state == State.STARTING ? -1 : member.outstanding();
    }

    private Member start(double now, boolean atOnce) {
        int number = free.isEmpty() ? byNumber.size() : free.removeLast();
        int node = nodes.place(now, atOnce);
        double begin = Math.max(now, nodes.readyAt(node));
        Member member = new Member(number, now, begin + scene.startUp().toMillis() / 1000.0, node);
        members.add(member);
        if (number == byNumber.size()) {
            byNumber.add(member);
        } else {
            byNumber.set(number, member);
        }
        schedule();
        return member;
    }

    private void serve(Member member, double now) {
        member.state = State.READY;
        member.engine = new Engine(scene.cost(), books, now);
        ready.add(member);
        startSeconds = now - member.orderedAt;
    }

    void leave(Member member, double now) {
        if (member.state == State.STARTING || member.outstanding() == 0) {
            gone(member);
        } else {
            member.state = State.DRAINING;
            member.goneBy = now + scene.drain().toMillis() / 1000.0;
            ready.remove(member);
        }
        schedule();
    }

    private void gone(Member member) {
        ready.remove(member);
        members.remove(member);
        member.state = State.GONE;
        member.engine = null;
        agenda.set(member.number, Double.POSITIVE_INFINITY);
        byNumber.set(member.number, null);
        free.add(member.number);
        nodes.leave(member.node);
        schedule();
    }

    /// Does what is due at [#nextChange()].
    void change(double now) {
        for (Member member : List.copyOf(members)) {
            if (member.state == State.STARTING && member.readyAt <= now) {
                serve(member, now);
                if (member.surge) {
                    member.surge = false;
                    replaceOne(now);
                }
            } else if (member.state == State.DRAINING && member.goneBy <= now) {
                cut += member.outstanding();
                books.neverBegun(member.fresh());
                gone(member);
            }
        }
        schedule();
    }

    /// Begins to replace all that run now, one more at a time.
    void update(double now) {
        boolean surging = false;
        for (Member member : members) {
            member.outdated = true;
            surging |= member.surge;
        }
        if (!surging) {
            surge(now);
        }
    }

    private void surge(double now) {
        start(now, false).surge = true;
    }

    private void replaceOne(double now) {
        Member old = null;
        for (Member each : members) {
            boolean candidate = each.outdated && each.state != State.DRAINING;
            if (candidate && (old == null || each.outstanding() < old.outstanding())) {
                old = each;
            }
        }
        if (old == null) {
            return;
        }
        leave(old, now);
        for (Member each : members) {
            if (each.outdated && each.state != State.DRAINING) {
                surge(now);
                return;
            }
        }
    }

    /// Loses a replica and what it had; another is started in its place.
    ///
    /// @return how many requests have to begin again
    int fail(Member member, double now, Waiting lost) {
        Engine engine = member.engine;
        int count = engine == null ? 0 : engine.lose(lost);
        gone(member);
        Member again = start(now, false);
        again.outdated = member.outdated;
        return count;
    }

    private void schedule() {
        nextChange = Double.POSITIVE_INFINITY;
        for (Member member : members) {
            double at =
                    member.state == State.STARTING
                            ? member.readyAt
                            : member.state == State.DRAINING
                                    ? member.goneBy
                                    : Double.POSITIVE_INFINITY;
            nextChange = Math.min(nextChange, at);
        }
    }
}
