# Writes PillowReference.json: python3 make-pillow-reference.py > PillowReference.json (made with Pillow 9.4.0).
import json
from PIL import Image
cases=[]
state=[12345]
def rnd():
    state[0]=(state[0]*1103515245+12345)%(1<<31)
    return (state[0]>>16)&255
for (w,h) in [(13,9),(9,16),(5,5)]:
    px=bytes(rnd() if (i//3)%2 else (255 if rnd()>127 else 0) for i in range(w*h))
    im=Image.frombytes("L",(w,h),px)
    for (side,size) in [(6,4),(0,7),(12,11),(24,16)]:
        for bic in (False,True):
            if side==0: rw,rh=size,size
            elif w<=h: rw,rh=side,int(side*h/w)
            else: rw,rh=int(side*w/h),side
            out=im.resize((rw,rh),Image.BICUBIC if bic else Image.BILINEAR)
            l,t=(rw-size)//2,(rh-size)//2
            out=out.crop((l,t,l+size,t+size))
            cases.append(dict(width=w,height=h,source=px.hex(),short_side=side,size=size,bicubic=bic,expected=out.tobytes().hex()))
print("[\n"+",\n".join("  "+json.dumps(c) for c in cases)+"\n]")
