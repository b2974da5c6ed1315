package io.securememory.sample;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.test.spring.TestSecret;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.MockMvc;

/** A test of a part of the application, which has our auto-configuration because it declares a secret. */
@WebMvcTest
@Import(PayloadReader.class)
@TestSecret(name = "webhook-key")
class SliceTest {

    @Autowired
    private MockMvc mvc;

    @Test
    void theControllerSignsWithTheMadeUpKey(@Autowired @NamedSecret("webhook-key") Secret key) throws Exception {
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        String expected = HexFormat.of().formatHex(new HmacSha256(key).sign(payload));
        mvc.perform(post("/sign").content(payload))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.signature").value(expected));
    }
}
