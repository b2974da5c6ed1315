package io.securememory.sample;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * Reads the body of a request as the bytes that were sent, whatever the content type, up to a limit.
 *
 * <p>A signature is computed over bytes. Spring's own converters are not used, because they rebuild the body of a form
 * from its parsed parameters. The result may differ from the bytes that the sender signed.
 */
@Component
class PayloadReader {

    private final int maxLength;

    PayloadReader(SampleProperties properties) {
        this.maxLength = (int) properties.maxPayload().toBytes();
    }

    /**
     * Reads the whole body.
     *
     * @throws ErrorResponseException with status 413 if it is longer than the limit, whether or not its length was announced
     */
    byte[] read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxLength) {
            throw tooLarge();
        }
        byte[] payload = request.getInputStream().readNBytes(maxLength + 1);
        if (payload.length > maxLength) {
            throw tooLarge();
        }
        return payload;
    }

    private ErrorResponseException tooLarge() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.CONTENT_TOO_LARGE,
                "The payload is longer than the " + maxLength + " bytes that are allowed.");
        problem.setProperty("maxBytes", maxLength);
        return new ErrorResponseException(HttpStatus.CONTENT_TOO_LARGE, problem, null);
    }
}
