package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// KServe's first protocol, where the configuration asks for it.
final class KserveIT {
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        V1Flavour.KSERVE,
                        Artifact.plain(folder, "half", "half-plus-two"),
                        Artifact.plain(folder, "long", "identity-int64"),
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.plain(folder, "log", "log"),
                        Artifact.plain(folder, "broken", "broken"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void lists_its_models() {
        assertThat(server.get("/v1/models").body())
                .isEqualTo("{\"models\":[\"half\",\"long\",\"add-sub\",\"log\",\"broken\"]}");
    }

    @Test
    void says_which_model_is_ready() {
        assertThat(server.get("/v1/models/half").body())
                .isEqualTo("{\"name\":\"half\",\"ready\":true}");

        Answer broken = server.get("/v1/models/broken");
        assertThat(broken.status()).isEqualTo(503);
        assertThat(broken.error()).startsWith("Model with name broken is not ready.");

        Answer none = server.get("/v1/models/none");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.error()).isEqualTo("Model with name none does not exist.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "half | {\"instances\":[2,3.0,true]} | [3.0,3.5,2.5]",
                "half | {\"inputs\":[2]} | [3.0]",
                "half | {\"instances\":[{\"x\":2,\"more\":\"y\"}],\"parameters\":{}} | [3.0]",
                "long | {\"instances\":[[1.0,2e3],[true,false]]} | [[1,2000],[1,0]]",
                "log | {\"instances\":[1,0,-1]} | [0.0,null,null]"
            })
    void predicts_for_rows_as_numpy_understands_them(String model, String body, String expected) {
        Answer answer = server.post("/v1/models/" + model + ":predict", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"predictions\":" + expected + "}");
    }

    @Test
    void predicts_by_name_where_there_are_several_inputs() {
        String ones = "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]";
        Answer answer =
                server.post(
                        "/v1/models/add-sub:predict",
                        "{\"instances\":[{\"a\":%s,\"b\":%s}]}".formatted(ones, ones));

        assertThat(answer.body())
                .isEqualTo(
                        "{\"predictions\":[{\"sum\":%s,\"difference\":%s}]}"
                                .formatted(ones.replace('1', '2'), ones.replace('1', '0')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "half:predict | {} | 400 | Expected \"instances\"",
                "half:predict | {\"instances\":3} | 400 | Expected \"instances\" to be a list",
                "half:predict | {\"instances\":[1],\"inputs\":[1]} | 400 | Expected only one",
                "half:predict | {\"instances\":[1]} x | 400 | JSON Parse error",
                "half:predict | {\"instances\":[1] | 400 | JSON Parse error",
                "half:predict | {\"instances\":[[1],[1,2]]} | 400 | Failed to process element: 1",
                "half:predict | {\"instances\":[\"a\"]} | 400 | Failed to process element: 0",
                "half:predict | {\"instances\":[[1]]} | 400 | input x: shape",
                "long:predict | {\"instances\":[[1.5,2]]} | 400 | Failed to process element: 0",
                "half:explain | {\"instances\":[1]} | 501 | model half: 'explain'",
                "none:explain | {\"instances\":[1]} | 404 | Model with name none does not exist.",
                "none:predict | {\"instances\":[1]} | 404 | Model with name none does not exist.",
                "broken:predict | {\"instances\":[1]} | 503 | Model with name broken is not ready.",
                "half | {} | 405 | method: 'POST'",
                "half/versions/3:predict | {\"instances\":[1]} | 404 | path:"
            })
    void refuses(String path, String body, int status, String error) {
        Answer answer = server.post("/v1/models/" + path, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.error()).startsWith(error);
    }
}
