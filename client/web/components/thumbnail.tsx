import { pictureSrcSet } from "../../../shared/pictures.ts";
import { Parcel } from "./item-picture.tsx";

/** The small picture at the head of a line. What it shows is named beside it. */
export function Thumbnail({ imageUrl, isFaded = false }: { imageUrl: string | null; isFaded?: boolean }) {
  const look = "aspect-4/3 w-20 shrink-0 self-start rounded-md sm:w-32";
  if (imageUrl === null) return <Parcel className={`${look} ${isFaded ? "opacity-55 grayscale" : ""}`} />;
  return (
    <img
      src={imageUrl}
      srcSet={pictureSrcSet(imageUrl)}
      sizes="8rem"
      alt=""
      width={128}
      height={96}
      loading="lazy"
      className={`${look} object-cover ${isFaded ? "opacity-55 grayscale" : ""}`}
    />
  );
}
