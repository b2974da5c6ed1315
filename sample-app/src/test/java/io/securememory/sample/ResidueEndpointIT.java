package io.securememory.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import io.securememory.test.spring.TestSecret;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;

/** The search by which an operator asks the running service whether its key has leaked. */
@SpringBootTest(
        properties = {
            "management.endpoints.web.exposure.include=securememoryresidue",
            "management.endpoint.securememoryresidue.access=unrestricted"
        })
@AutoConfigureMockMvc
@TestSecret(name = "webhook-key")
@OnceInShortForm
class ResidueEndpointIT {

    private static final String PATH = "/actuator/securememoryresidue";

    @Autowired
    private MockMvc mvc;

    @Test
    void theServiceHasNoCopyOfItsKey() throws Exception {
        mvc.perform(post("/sign").content("{}")).andExpect(status().isOk());
        mvc.perform(post(PATH).contentType(MediaType.APPLICATION_JSON).content("{\"secret\":\"webhook-key\"}"))
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.runningSince").isNotEmpty());

        String shown = Await.value(
                "the result",
                Duration.ofMinutes(2),
                () -> Optional.of(
                                mvc.perform(get(PATH)).andReturn().getResponse().getContentAsString())
                        .filter(body -> body.contains("\"last\":{")));

        assertThat(JsonPath.<List<?>>read(shown, "$.last.findings")).isEmpty();
        assertThat(JsonPath.<List<?>>read(shown, "$.last.unproven")).isEmpty();
        assertThat(shown).doesNotContain("webhook-key");
    }

    @Test
    void anUnknownSecretIsABadRequest() throws Exception {
        mvc.perform(post(PATH).contentType(MediaType.APPLICATION_JSON).content("{\"secret\":\"other\"}"))
                .andExpect(status().isBadRequest());
    }
}
