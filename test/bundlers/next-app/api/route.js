// SPDX-License-Identifier: Apache-2.0
import { cancelOne } from "../../../program.js";

export async function GET(request) {
  const { searchParams } = new URL(request.url);
  return Response.json(await cancelOne(searchParams.get("baseUrl"), searchParams.get("name")));
}
