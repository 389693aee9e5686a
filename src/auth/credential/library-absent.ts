// SPDX-License-Identifier: Apache-2.0

/** Stands in for google-auth-library where that cannot run: in browsers. Finds nothing, and says what to do instead. */
export class GoogleAuth {
  async getClient(): Promise<never> {
    throw new Error(
      "they are looked for in Node only; here, pass auth: a function that answers an access token",
    );
  }

  async getRequestHeaders(): Promise<never> {
    return this.getClient();
  }
}
