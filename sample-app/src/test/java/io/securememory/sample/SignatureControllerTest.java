package io.securememory.sample;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.securememory.SecureMemory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.MockMvc;

/** How to test an application whose secrets are declared: its key comes from the test's class path. Source: RFC 4231. */
@SpringBootTest(properties = "securememory.secrets.webhook-key.location=classpath:rfc4231-test-case-2-key")
@AutoConfigureMockMvc
class SignatureControllerTest {

    private static final String PAYLOAD = "what do ya want for nothing?";
    private static final String SIGNATURE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    @Autowired
    private MockMvc mvc;

    @Autowired
    private SecureMemory secureMemory;

    @Test
    void signsTheTestCaseOfTheStandard() throws Exception {
        mvc.perform(post("/sign").content(PAYLOAD))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.algorithm").value("HmacSHA256"))
                .andExpect(jsonPath("$.signature").value(SIGNATURE));
    }

    @Test
    void verifiesTheTestCaseOfTheStandard() throws Exception {
        mvc.perform(post("/verify").content(PAYLOAD).header("X-Signature", SIGNATURE))
                .andExpect(status().isOk())
                .andExpect(content().json("{\"valid\":true}"));
    }

    @Test
    @DirtiesContext
    void afterAPurgeTheServiceSaysThatItHasNoKey() throws Exception {
        secureMemory.purge();

        mvc.perform(post("/sign").content(PAYLOAD))
                .andExpect(status().isServiceUnavailable())
                .andExpect(jsonPath("$.detail")
                        .value("The signing key was wiped from memory; the service needs a restart."));
    }
}
