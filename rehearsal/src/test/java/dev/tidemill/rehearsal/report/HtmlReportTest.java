package dev.tidemill.rehearsal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Rehearsal;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.scaling.Bounds;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

final class HtmlReportTest {
    @Test
    void it_is_one_page_that_fetches_nothing_and_whose_drawings_are_well_formed() throws Exception {
        String page = page(Tides.SMALL.trace(3, 1));
        assertThat(page).startsWith("<!doctype html>").contains("prefers-color-scheme:dark");
        assertThat(page)
                .doesNotContain("http://", "https://", "<script", "src=", "@import", "url(");
        assertThat(page).contains("a &lt;service&gt;").doesNotContain("<service>");
        assertThat(page).contains("<strong>Take ").contains("Decisions of objective=1");
        Matcher drawing = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
        int drawings = 0;
        while (drawing.find()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(drawing.group())));
            assertThat(drawing.group()).doesNotContain("NaN", "Infinity");
            drawings++;
        }
        assertThat(drawings).isEqualTo(5);
    }

    @Test
    void a_trace_of_a_minute_makes_a_page_too() {
        assertThat(page(MinuteTrace.of(0, 60))).contains("</html>").doesNotContain("NaN");
    }

    private static String page(MinuteTrace trace) {
        Service service = Service.of(4, 8, 180, 2);
        Target target = Target.of(service, new Bounds(1, 100), 0.01, trace);
        return HtmlReport.of(
                new Rehearsal(
                                "a <service>",
                                new Trace(
                                        trace,
                                        false,
                                        false,
                                        0,
                                        0,
                                        trace.minutes(),
                                        0,
                                        Optional.empty(),
                                        List.of()),
                                Scene.of(trace, service, 3),
                                target,
                                1,
                                MinuteReplay::run,
                                List.of(Family.OBJECTIVE.usual(target), Family.HPA.usual(target)),
                                List.of(Family.OBJECTIVE, Family.HPA),
                                true,
                                300,
                                0.5,
                                "EUR",
                                List.of())
                        .run((_, _) -> {}));
    }
}
