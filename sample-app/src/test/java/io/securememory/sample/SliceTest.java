package io.securememory.sample;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.test.spring.TestSecrets;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** A test of a part of the application, which has none of our auto-configurations unless it says so. */
@WebMvcTest
@Import(PayloadReader.class)
@ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
class SliceTest {

    private static final TestKey KEY = TestKey.random();

    @Autowired
    private MockMvc mvc;

    @DynamicPropertySource
    static void secrets(DynamicPropertyRegistry registry) {
        TestSecrets.register(registry, "webhook-key", KEY.text());
    }

    @Test
    void theControllerSignsWithTheMadeUpKey() throws Exception {
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        mvc.perform(post("/sign").content(payload))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.signature").value(KEY.sign(payload)));
    }
}
