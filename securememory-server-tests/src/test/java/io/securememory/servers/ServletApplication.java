package io.securememory.servers;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.cert.X509Certificate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers with the certificate that the client has shown, and closes each connection. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ServletApplication.Answers.class)
class ServletApplication {

    @RestController
    static class Answers {

        @GetMapping("/")
        String answer(HttpServletRequest request, HttpServletResponse response) {
            response.setHeader("Connection", "close");
            X509Certificate[] shown =
                    (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
            return Fingerprint.of(shown[0]);
        }
    }
}
